"""How much a workflow file may hold: far more than anybody writes, little enough to read fast."""

MOST_BYTES = 1_000_000  # of a file, and of a workflow with its variables filled in
MOST_RUN_BYTES = 5_000_000  # of all jobs of a run together
MOST_NODES = 20_000  # with every alias written out
MOST_DEPTH = 20
MOST_PROBLEMS = 50
LONGEST_PLAIN_VALUE = 100  # of a number or the like; texts may be longer
LONGEST_SCRIPT = 100_000  # bytes; Linux takes 128 KiB as one argument of a process
LONGEST_VALUE = 100_000  # bytes of one variable; the same
MOST_ENVIRONMENT = 500_000  # bytes of all of them; Linux takes 2 MiB with everything else
MOST_WORKFLOWS = 100
MOST_COMMANDS = 1000
MOST_VARIABLES = 1000
MOST_ARTIFACTS = 100
