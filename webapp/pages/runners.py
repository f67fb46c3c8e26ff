"""Runners: the list, live."""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import render_template, request, url_for
from markupsafe import Markup, escape

from webapp.access import allow
from webapp.engine.region_names import region_name
from webapp.engine.states import HEARD_RUNNER
from webapp.models.changes import newest_event, runners_touched
from webapp.models.runner_list import Held, jobs_held, listed, runner_ids, runner_rows
from webapp.pages import pages
from webapp.pages.drawing import asset, machine_words
from webapp.pages.live import NOTHING_NEW, Version, order_of, seen, version
from webapp.pages.looks import runner_look
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

_FEW = 500  # so many rows are asked for by their ids


class Listed(NamedTuple):
    """One line of the table."""

    row: Any
    jobs: list[Held]
    marks: list[Mark]
    here: bool
    region: str
    resources: Markup
    status: Markup
    url: str


class Choice(NamedTuple):
    """What the person wants to see: `words` to match, a column, the other way round, gone ones."""

    words: str
    sort: str
    down: bool
    gone: bool

    @property
    def plain(self) -> bool:
        """All of them by name, as the database gives them."""
        return not self.words and self.sort == "name" and not self.down

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
    lines = _listed(choice)
    shown = version(about, order_of(line.row.id for line in lines))
    return render_template("runners/page.html", section="Runners", **_view(choice, lines, shown))


@pages.get("/runners/changes")
@allow("viewer")
def runners_changes() -> str | tuple[str, int]:
    """What is new since the version that the page carries: rows, or the whole list when there are
    others or in another order."""
    known, about = seen(), newest_event()
    if known and known[:2] == version(about)[:2]:
        return NOTHING_NEW
    choice = _choice()
    lines = None if choice.plain else _listed(choice)
    ids = runner_ids(choice.gone) if lines is None else [line.row.id for line in lines]
    shown = version(about, order_of(ids))
    whole = known is None or known[1:] != shown[1:]
    touched = None if whole else runners_touched(known.event)
    if lines is None:
        few = touched is not None and len(touched) <= _FEW
        lines = _listed(choice, touched if few else None)
    if touched is not None:
        lines = [line for line in lines if line.row.id in touched]
    return render_template("runners/changes.html", whole=whole, **_view(choice, lines, shown))


def _choice() -> Choice:
    args = request.args
    sort = args.get("sort", "name")
    known = sort if sort in COLUMNS else "name"
    return Choice(args.get("q", "").strip(), known, "down" in args, "gone" in args)


def _listed(choice: Choice, ids: set[str] | None = None) -> list[Listed]:
    """The lines of the table, or only those of `ids`."""
    held = jobs_held()
    icons = asset("icons.svg")
    lines = [_line(row, held.get(row.id, []), icons) for row in runner_rows(choice.gone, ids)]
    if choice.words:
        words = choice.words.lower().split()
        lines = [line for line in lines if all(word in _text(line) for word in words)]
    if choice.sort != "name" or choice.down:
        lines.sort(key=lambda line: _KEYS[choice.sort](line), reverse=choice.down)
    return lines


def _line(row: Any, jobs: list[Held], icons: str) -> Listed:
    return Listed(
        row,
        jobs,
        marks(row),
        row.status in HEARD_RUNNER,
        region_name(row.region) if row.region else "",
        _resources(row.cpu_milli, row.memory_mib, listed(row.gpus_text)),
        _status(row.status, icons),
        _url(row.name),
    )


# Most of a thousand rows say the same: what they say is drawn once.
@lru_cache(maxsize=4096)
def _resources(cpu_milli: int, memory_mib: int, gpus: tuple[str, ...]) -> Markup:
    return escape(machine_words(cpu_milli, memory_mib, gpus))


@lru_cache(maxsize=64)
def _status(status: str, icons: str) -> Markup:
    look = runner_look(status)
    shape = '<span class="status tone-{}"><svg class="icon" aria-hidden="true">'
    shape += '<use href="{}#{}"/></svg>{}</span>'
    return Markup(shape).format(  # noqa: S704 - the shape is ours
        look.tone, icons, look.icon, look.word
    )


@lru_cache(maxsize=4096)
def _url(name: str) -> str:
    return "/runners/" + quote(name, safe="")


def _text(line: Listed) -> str:
    row = line.row
    parts = [row.name, line.region, row.region, row.hostname, row.status, row.purchase_type]
    parts += [row.kind, row.instance_type, *listed(row.labels_text), *listed(row.gpus_text)]
    parts += [mark.word for mark in line.marks]
    return " ".join(part for part in parts if part).lower()


_KEYS = {
    "name": lambda line: line.row.name,
    "region": lambda line: (line.region, line.row.name),
    "resources": lambda line: (
        len(listed(line.row.gpus_text)),
        line.row.cpu_milli,
        line.row.memory_mib,
    ),
    "hostname": lambda line: (line.row.hostname or "", line.row.name),
    "status": lambda line: (line.row.status, line.row.name),
    "purchase": lambda line: (line.row.purchase_type or "", line.row.name),
    "jobs": lambda line: (len(line.jobs), line.row.name),
    "seen": lambda line: line.row.last_seen_at or 0 if not line.here else 1 << 62,
}


def _view(choice: Choice, lines: list[Listed], shown: Version) -> dict[str, Any]:
    poll = choice.url("pages.runners_changes", v=str(shown))
    empty = not lines and not choice.words and not choice.gone
    return {"choice": choice, "listed": lines, "columns": COLUMNS, "poll": poll, "empty": empty}
