"""What a job begins with: the artifacts of other jobs, in its folder before its first command."""
