"""Decisions, and nothing else: pure functions over plain data, standard library only."""
