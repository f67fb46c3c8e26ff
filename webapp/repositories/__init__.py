"""Repositories: checked, mirrored and read. The only room that starts git."""

from webapp.repositories.branches import Branches
from webapp.repositories.checking import Checked, check
from webapp.repositories.files import VARIABLES, WORKFLOWS, Files
from webapp.repositories.mirror import remove
from webapp.repositories.reaching import Place, repositories_folder
from webapp.repositories.source import (
    CodeProblem,
    Source,
    UnknownRepository,
    branches,
    known_repository,
    source_of,
)

__all__ = [
    "VARIABLES",
    "WORKFLOWS",
    "Branches",
    "Checked",
    "CodeProblem",
    "Files",
    "Place",
    "Source",
    "UnknownRepository",
    "branches",
    "check",
    "known_repository",
    "remove",
    "repositories_folder",
    "source_of",
]
