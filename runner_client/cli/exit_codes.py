"""What `dstack-runner` answers to the shell."""

OK = 0
NOT_RUNNING = 1
USAGE = 2
WRONG_TOKEN = 3
UNREACHABLE = 4
NOT_OUR_SERVER = 5
CLOCK_OFF = 6
CANNOT_WRITE = 7
