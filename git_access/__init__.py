"""How git reaches a repository while no secret lies about: for the agent and for the server.

Standard library only, Python 3.8, knows neither of them.
"""

from git_access.access import Access, Opened, opened
from git_access.words import sentence

__all__ = ["Access", "Opened", "opened", "sentence"]
