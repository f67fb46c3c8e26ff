"""Runners: the list, live."""

from typing import Any, NamedTuple

from flask import render_template, request, url_for

from webapp.access import allow
from webapp.engine.region_names import region_name
from webapp.engine.states import HEARD_RUNNER
from webapp.models.changes import newest_event, runners_touched
from webapp.models.runner_list import Held, jobs_held, runner_rows
from webapp.pages import pages
from webapp.pages.live import NOTHING_NEW, Version, order_of, seen, version
from webapp.pages.looks import Look, runner_look
from webapp.pages.runner_marks import Mark, marks

COLUMNS = {
    "name": "Name",
    "region": "Region",
    "resources": "Resources",
    "hostname": "Hostname",
    "status": "Status",
    "purchase": "Purchase type",
    "jobs": "Jobs",
    "seen": "Last seen",
}


class Listed(NamedTuple):
    """One line of the table."""

    row: Any
    jobs: list[Held]
    look: Look
    marks: list[Mark]
    here: bool
    region: str


class Choice(NamedTuple):
    """What the person wants to see: `words` to match, a column, the other way round, gone ones."""

    words: str
    sort: str
    down: bool
    gone: bool

    def url(self, endpoint: str, **changes: Any) -> str:
        """An address that keeps the choice."""
        values = {
            "q": self.words or None,
            "sort": None if self.sort == "name" else self.sort,
            "down": "1" if self.down else None,
            "gone": "1" if self.gone else None,
        }
        return url_for(endpoint, **{**values, **changes})


@pages.get("/runners")
@allow("viewer")
def runners() -> str:
    """All machines with an agent."""
    choice = _choice()
    about = newest_event()
    listed = _listed(choice)
    shown = version(about, order_of(line.row.id for line in listed))
    return render_template("runners/page.html", section="Runners", **_view(choice, listed, shown))


@pages.get("/runners/changes")
@allow("viewer")
def runners_changes() -> str | tuple[str, int]:
    """What is new since the version that the page carries: rows, or the whole list when there are
    others or in another order."""
    known, about = seen(), newest_event()
    if known and known[:2] == version(about)[:2]:
        return NOTHING_NEW
    choice = _choice()
    listed = _listed(choice)
    shown = version(about, order_of(line.row.id for line in listed))
    whole = known is None or known[1:] != shown[1:]
    if not whole:
        touched = runners_touched(known.event)
        listed = [line for line in listed if line.row.id in touched]
    return render_template("runners/changes.html", whole=whole, **_view(choice, listed, shown))


def _choice() -> Choice:
    args = request.args
    sort = args.get("sort", "name")
    known = sort if sort in COLUMNS else "name"
    return Choice(args.get("q", "").strip(), known, "down" in args, "gone" in args)


def _listed(choice: Choice) -> list[Listed]:
    held = jobs_held()
    lines = [_line(row, held.get(row.id, [])) for row in runner_rows(choice.gone)]
    if choice.words:
        words = choice.words.lower().split()
        lines = [line for line in lines if all(word in _text(line) for word in words)]
    if choice.sort != "name" or choice.down:
        lines.sort(key=lambda line: _KEYS[choice.sort](line), reverse=choice.down)
    return lines


def _line(row: Any, jobs: list[Held]) -> Listed:
    here = row.status in HEARD_RUNNER
    look = runner_look(row.status)
    return Listed(row, jobs, look, marks(row), here, region_name(row.region) if row.region else "")


def _text(line: Listed) -> str:
    row = line.row
    parts = [row.name, line.region, row.region, row.hostname, row.status, row.purchase_type]
    parts += [row.kind, row.instance_type, *row.labels, *(gpu["name"] for gpu in row.gpus)]
    parts += [mark.word for mark in line.marks]
    return " ".join(part for part in parts if part).lower()


_KEYS = {
    "name": lambda line: line.row.name,
    "region": lambda line: (line.region, line.row.name),
    "resources": lambda line: (len(line.row.gpus), line.row.cpu_milli, line.row.memory_mib),
    "hostname": lambda line: (line.row.hostname or "", line.row.name),
    "status": lambda line: (line.row.status, line.row.name),
    "purchase": lambda line: (line.row.purchase_type or "", line.row.name),
    "jobs": lambda line: (len(line.jobs), line.row.name),
    "seen": lambda line: line.row.last_seen_at or 0 if not line.here else 1 << 62,
}


def _view(choice: Choice, listed: list[Listed], shown: Version) -> dict[str, Any]:
    poll = choice.url("pages.runners_changes", v=str(shown))
    empty = not listed and not choice.words and not choice.gone
    return {"choice": choice, "listed": listed, "columns": COLUMNS, "poll": poll, "empty": empty}
