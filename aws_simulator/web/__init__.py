"""The three doors of the simulator, all on loopback: EC2's API, metadata, control."""
