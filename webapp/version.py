"""The version of this server and of the agent it hands out."""

VERSION = "0.1.0"
