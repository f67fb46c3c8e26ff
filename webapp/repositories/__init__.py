"""Repositories: checked, mirrored and read. The only room that starts git."""

from webapp.repositories.branches import Branches
from webapp.repositories.checking import Checked, check
from webapp.repositories.leftovers import delete_leftovers
from webapp.repositories.reaching import Place, repositories_folder
from webapp.repositories.source import (
    CodeProblem,
    Source,
    UnknownRepository,
    branches,
    forget_mirror,
    known_repository,
    source_of,
)

__all__ = [
    "Branches",
    "Checked",
    "CodeProblem",
    "Place",
    "Source",
    "UnknownRepository",
    "branches",
    "check",
    "delete_leftovers",
    "forget_mirror",
    "known_repository",
    "repositories_folder",
    "source_of",
]
