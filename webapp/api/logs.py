"""Read logs."""
