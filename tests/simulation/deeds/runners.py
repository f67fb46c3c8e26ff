"""What people do with runners and their machines."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tests.simulation.deeds.deed import deed, one_of, pick, which
from tests.simulation.deeds.person import ADA, by_person
from webapp.clock import now
from webapp.engine.states import Runner as RunnerStatus
from webapp.extensions import db
from webapp.models.attempts import lose_attempts
from webapp.models.claiming import lock_runner
from webapp.models.event import SCHEDULER
from webapp.models.instance import living_instances
from webapp.models.runner import ON_DEMAND, SELF_HOSTED, Runner
from webapp.models.runner_moves import drain_runner, remove_runner, resume_runner
from webapp.models.wishes import wish_end

if TYPE_CHECKING:
    from tests.simulation.world import World


@deed("people", 2, machine=which, wish=one_of("drain", "now"))
def end_machine(world: "World", machine: int, wish: str) -> None:
    """End one machine."""

    def act() -> None:
        row = pick(living_instances(), machine)
        if row is not None:
            wish_end(ADA, row, wish, now())

    by_person(world, act)


def _with_runner(
    world: "World", number: int, statuses: set[RunnerStatus], kinds: set[str], verb: Any
) -> None:
    def act() -> None:
        query = select(Runner.id).where(Runner.status.in_(statuses), Runner.kind.in_(kinds))
        runner_id = pick(list(db.session.scalars(query.order_by(Runner.created_at))), number)
        if runner_id is not None:
            verb(lock_runner(runner_id))

    by_person(world, act)


@deed("people", 2, runner=which)
def drain(world: "World", runner: int) -> None:
    """No more jobs for a runner."""
    live, every = {RunnerStatus.LIVE}, {ON_DEMAND, SELF_HOSTED}
    _with_runner(
        world, runner, live, every, lambda row: drain_runner(ADA, row, "ada drained it.", now())
    )


@deed("people", 1.5, agent=which, back=one_of(20, 60))
def service(world: "World", agent: int, back: float) -> None:
    """Somebody's own machine is drained, stopped, and comes back."""
    found = pick([each for each in world.agents if each.alive and not each.machine], agent)
    if found is None:
        return

    def act() -> None:
        runner = db.session.get(Runner, found.runner_id)
        if runner is not None and runner.status == RunnerStatus.LIVE:
            drain_runner(ADA, lock_runner(runner.id), "ada serves it.", now())

    by_person(world, act)
    found.leave()
    world.agenda.after(16 + back, f"{found.name} back", lambda: world.agent_again(found))


@deed("people", 2, runner=which)
def undrain(world: "World", runner: int) -> None:
    """Jobs again."""
    draining, own = {RunnerStatus.DRAINING}, {SELF_HOSTED}
    _with_runner(world, runner, draining, own, lambda row: resume_runner(ADA, row, "", now()))


@deed("people", 0.5, runner=which)
def remove(world: "World", runner: int) -> None:
    """Forget somebody's own machine."""
    statuses = {RunnerStatus.LIVE, RunnerStatus.DRAINING, RunnerStatus.LOST, RunnerStatus.OFFLINE}

    def act(row: Any) -> None:
        if remove_runner(ADA, row, "ada removed it.", now()):
            lose_attempts(SCHEDULER, row.id, "the runner was removed", now())

    _with_runner(world, runner, statuses, {SELF_HOSTED}, act)
