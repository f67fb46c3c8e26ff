import sys

from runner_client.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
