"""What people do with runs."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true

from tests.simulation.agents.work import Task
from tests.simulation.deeds.deed import deed, one_of, pick, which, whole
from tests.simulation.deeds.person import ADA, by_person
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.engine.states import Job as Status
from webapp.extensions import db
from webapp.models.run import Run
from webapp.models.run_moves import prune_runs, restart_run, resume_run, stop_run, tag_run
from webapp.models.submission import submit_run
from webapp.storage import log_store

if TYPE_CHECKING:
    from tests.simulation.world import World


@deed(
    "people",
    9,
    count=whole(1, 4),
    cpu=one_of(500, 1000, 2000, 4000),
    seconds=one_of(1, 8, 20, 60, 150),
    prints=one_of(0, 100, 3000, 12000),
    codes=one_of([0], [0], [1, 0], [1, 0], [1], [3, 3, 0]),
    retries=one_of(0, 1, 1, 2),
    queue_timeout=one_of(None, None, None, 40, 120),
    timeout=one_of(None, None, 30),
    spot=one_of(None, None, None, False, True),
    deaf=one_of(False, False, True),
)
def submit(world: "World", count: int, cpu: int, spot: bool | None, **about: Any) -> None:
    """A run with some jobs of one kind."""
    _submit(world, [_spec(world, cpu, spot, **about) for _ in range(count)])


def _submit(world: "World", specs: list[JobSpec]) -> None:
    name = by_person(world, lambda: submit_run(ADA, 1, specs, now()))
    if name:
        world.judge.accepted.append(name)


def _spec(world: "World", cpu: int, spot: bool | None, **about: Any) -> JobSpec:
    world.jobs_made += 1
    prints = about["prints"]
    pieces = min(6, 1 + prints // 50) if prints else 0
    task = Task(
        world.jobs_made, about["seconds"], prints, pieces, list(about["codes"]), about["deaf"]
    )
    return JobSpec(
        task.commands(),
        ask=Ask(cpu_milli=cpu, interruptible=spot),
        retries=about["retries"],
        queue_timeout_s=about["queue_timeout"],
        timeout_s=about["timeout"],
    )


def _with_run(world: "World", number: int, verb: Callable[[Run], Any], which: Any = None) -> None:
    def act() -> None:
        query = select(Run).where(which if which is not None else true()).order_by(Run.id)
        run = pick(list(db.session.scalars(query)), number)
        if run is not None:
            verb(run)

    by_person(world, act)


@deed("people", 1, run=which, abort=one_of(False, True))
def stop(world: "World", run: int, abort: bool) -> None:
    """Stop or abort any run."""
    _with_run(world, run, lambda row: stop_run(ADA, row, now(), abort=abort))


@deed("people", 3, run=which, abort=one_of(False, True))
def stop_running(world: "World", run: int, abort: bool) -> None:
    """Stop or abort a run that runs."""
    running = Run.status == Status.RUNNING
    _with_run(world, run, lambda row: stop_run(ADA, row, now(), abort=abort), running)


@deed("people", 1.5, run=which)
def lose_patience(world: "World", run: int) -> None:
    """Stop a run, and a moment later abort it."""
    running, stopping = Run.status == Status.RUNNING, Run.status == Status.STOPPING
    _with_run(world, run, lambda row: stop_run(ADA, row, now()), running)
    world.agenda.after(
        3,
        "no patience",
        lambda: _with_run(world, 0, lambda row: stop_run(ADA, row, now(), abort=True), stopping),
    )


@deed(
    "people", 3, cpu=one_of(500, 1000, 2000), seconds=one_of(1, 8, 40), codes=one_of([0], [0], [1])
)
def pipeline(world: "World", cpu: int, seconds: float, codes: list[int]) -> None:
    """A run whose jobs need each other: one, two that need it, one that needs those."""
    about = {"seconds": seconds, "prints": 100, "retries": 0, "queue_timeout": None}
    about |= {"timeout": None, "deaf": False}
    ends = ([0], codes, [0], [0])
    specs = [_spec(world, cpu, None, codes=end, **about) for end in ends]
    needs: tuple[tuple[int, ...], ...] = ((), (0,), (0,), (1, 2))
    specs = [replace(each, depends_on=of) for each, of in zip(specs, needs, strict=True)]
    _submit(world, specs)


@deed("people", 1.5, cpu=one_of(1000, 2000), seconds=one_of(1, 20))
def just_in_time(world: "World", cpu: int, seconds: float) -> None:
    """Work comes a moment after the next machine has begun to drain."""
    about = {"seconds": seconds, "prints": 0, "retries": 0, "queue_timeout": None}
    about |= {"timeout": None, "deaf": False, "codes": [0]}
    world.judge.when_draining.append(
        lambda: world.agenda.after(
            0.5, "just in time", lambda: _submit(world, [_spec(world, cpu, None, **about)])
        )
    )


@deed("people", 2, run=which)
def resume(world: "World", run: int) -> None:
    """What did not succeed again."""
    _with_run(world, run, lambda row: resume_run(ADA, row, now()))


@deed("people", 2, run=which, clear=one_of(False, True))
def restart(world: "World", run: int, clear: bool) -> None:
    """Everything again."""
    drop = (lambda job: log_store().delete(job)) if clear else None
    _with_run(world, run, lambda row: restart_run(ADA, row, now(), drop))


@deed("people", 1, run=which)
def tag(world: "World", run: int) -> None:
    """Keep a run from being pruned."""
    _with_run(world, run, lambda row: tag_run(ADA, row, None, now()))


@deed("people", 0.3)
def prune(world: "World") -> None:
    """Delete finished runs."""

    def act() -> None:
        kept = select(Run.name).where(Run.tag_name.is_not(None))
        prune_runs(ADA, now())
        left = set(db.session.scalars(select(Run.name))) | set(db.session.scalars(kept))
        world.judge.accepted[:] = [each for each in world.judge.accepted if each in left]

    by_person(world, act)
