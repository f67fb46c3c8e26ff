"""Where the files of a run came from: a repository with local changes on top, or an archive."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Response, abort

from webapp.access import allow
from webapp.models.run import Run, run_named
from webapp.pages import pages
from webapp.pages.diff import FileChange, parse

SHOWN = 200_000  # characters of local changes on the page; a link leads to all of them
_LONGEST = 500  # characters of one line


class Changes(NamedTuple):
    """`rest`: how many characters are only behind the link."""

    files: list[FileChange]
    size: int
    rest: int


def code_view(run: Run) -> dict[str, Any]:
    """For the parts one_about.html and one_diff.html."""
    url = run.repo_url or ""
    return {
        "repo_name": without_user(url),
        "repo_link": url if _may_be_followed(url) else None,
        "line_cut": _LONGEST,
    }


def changes_of(run: Run) -> Changes | None:
    """Its local changes, as much of them as a page can bear."""
    diff = run.repo_diff
    if not diff or not diff.strip():
        return None
    shown = diff if len(diff) <= SHOWN else diff[: diff.rfind("\n", 0, SHOWN) + 1 or SHOWN]
    return Changes(parse(shown), len(diff), len(diff) - len(shown))


@pages.get("/runs/<name>/local-changes")
@allow("viewer")
def local_changes(name: str) -> Response:
    """All of them, as text."""
    run = run_named(name)
    if run is None or not run.repo_diff:
        abort(404, "There is no such run, or it has no local changes.")
    response = Response(run.repo_diff.encode(errors="replace"))
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{run.name}.diff"'
    return response


def without_user(url: str) -> str:
    """The address without a name and password in it."""
    return re.sub(r"^([a-z][a-z0-9+.-]*://)[^/@]*@", r"\1", url, flags=re.I)


def _may_be_followed(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and "@" not in parts.netloc
