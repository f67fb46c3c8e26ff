"""Names of branches and hashes of commits, as far as they can be told without a repository."""

import re

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# What `git check-ref-format` refuses.
_NO_BRANCH = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[/-]|/$|\.$|(^|/)\.|\.lock(/|$)|^@$|^$"
)


class BadCommit(ValueError):
    """One sentence: what is wrong with the name of a branch or the hash of a commit."""


def check_branch(name: str) -> str:
    """The name itself; raises BadCommit."""
    if len(name) > 200 or not name.isprintable() or _NO_BRANCH.search(name):
        raise BadCommit("This is no name of a branch, such as main or feature/faster.")
    return name


def check_hash(text: str) -> str:
    """The hash in small letters; raises BadCommit."""
    text = text.lower()
    if not _HASH.fullmatch(text):
        raise BadCommit("Give the whole hash of the commit: 40 hexadecimal digits.")
    return text
