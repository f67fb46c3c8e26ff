"""What has to be true after every step, checked against the simulated EC2's own truth."""
