"""How much a workflow file may hold: far more than anybody writes, little enough to read fast."""

MOST_BYTES = 1_000_000
MOST_NODES = 20_000  # with every alias written out
MOST_DEPTH = 20
MOST_PROBLEMS = 50
LONGEST_PLAIN_VALUE = 100  # of a number or the like; texts may be longer
LONGEST_SCRIPT = 100_000  # bytes; Linux takes 128 KiB as one argument of a process
MOST_WORKFLOWS = 100
MOST_COMMANDS = 1000
MOST_VARIABLES = 1000
