"""Simulated agents: the parts of the real one that have no thread, driven by virtual time."""
