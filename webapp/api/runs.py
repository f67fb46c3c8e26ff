"""Submit runs."""
