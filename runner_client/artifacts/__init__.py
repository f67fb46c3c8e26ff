"""What a job leaves: found in its folder, read, sent, before its last report."""
