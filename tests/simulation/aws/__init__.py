"""A simulated EC2 that lies as the real one does: in the shapes of boto3, below `webapp.cloud`."""
