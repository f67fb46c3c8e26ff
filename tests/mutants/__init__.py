"""Deliberate bugs, one for each rule there is; each has to be caught by a simulation or a test."""
