"""The graph of a run's jobs, ready to be drawn by the template."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from webapp.engine.states import Job as Status
from webapp.engine.words import count
from webapp.pages.drawing import lasting
from webapp.pages.graph.picture import HEIGHT, WIDTH, Box, Picture, picture
from webapp.pages.looks import Look, job_look

MOST_JOBS = 60
_MOST_LINES = 400
_NAME, _STATE = 17, 23  # characters that fit into a box


class Node(NamedTuple):
    """A job in its box; `label` is what a reader hears."""

    job: Any
    box: Box
    look: Look
    name: str
    state: str
    label: str


class Graph(NamedTuple):
    """What to draw."""

    picture: Picture
    nodes: list[Node]
    box_width: int = WIDTH
    box_height: int = HEIGHT


def linked(jobs: Sequence[Any]) -> bool:
    """Whether any of them needs another one."""
    return any(job.depends_on for job in jobs)


def graph_of(jobs: Sequence[Any]) -> Graph | None:
    """None when there is nothing to draw, or more than anybody could read."""
    if not linked(jobs) or len(jobs) > MOST_JOBS:
        return None
    known = {job.id: job for job in jobs}
    needs = {job.id: [id for id in job.depends_on if id in known] for job in jobs}
    drawn = picture(needs)
    if len(drawn.lines) > _MOST_LINES:
        return None
    return Graph(drawn, [_node(box, known, needs[box.name]) for box in drawn.boxes])


def _node(box: Box, known: dict[str, Any], needs: Sequence[str]) -> Node:
    job = known[box.name]
    look, state = job_look(job.status), _state(job)
    after = f"; needs {', '.join(name_of(known[id]) for id in needs)}" if needs else ""
    label = f"{name_of(job)}: {state}{after}"
    return Node(job, box, look, _cut(name_of(job), _NAME), _cut(state, _STATE), label)


def name_of(job: Any) -> str:
    """What people call a job."""
    return job.workflow_name or job.id


def _state(job: Any) -> str:
    word = job_look(job.status).word
    if job.status == Status.SUBMITTED and job.blocked_by:
        return f"Waiting for {count(job.blocked_by, 'job')}"
    if job.status == Status.RUNNING and job.runner_name:
        return f"Running on {job.runner_name}"
    if job.started_at and job.finished_at:
        return f"{word} in {lasting(job.finished_at - job.started_at)}"
    return word


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
