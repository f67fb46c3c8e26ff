"""The agent of one runner: `dstack-runner`. Standard library only, Python 3.8 and later."""

VERSION = "0.1.0"
PROTOCOL = 1
