"""The one-use token in the user data of a machine, and what it is exchanged for.

It is bound to one row and valid as long as that row's machine may still boot. The exchange may be
repeated by the same machine until its agent has started, because the answer may have been lost;
afterwards the token is worth nothing, though every job can read it in the user data.
"""

from sqlalchemy import select, update

from webapp.engine.states import Actor
from webapp.engine.states import Instance as InstanceStatus
from webapp.engine.states import Runner as RunnerStatus
from webapp.extensions import db
from webapp.models.event import Who, record
from webapp.models.installation import digest
from webapp.models.instance import Instance
from webapp.models.runner import Runner
from webapp.models.transaction import require_writing

_BOOTING = (InstanceStatus.PENDING, InstanceStatus.REQUESTED, InstanceStatus.RUNNING)


def admit_machine(token: str, machine_id: str, credential: str, now: int) -> Runner | None:
    """Give the requested runner of this token its credential; None when the token is unknown,
    used up, or another machine was here first."""
    require_writing()
    query = select(Instance).where(Instance.bootstrap_digest == digest(token))
    instance = db.session.scalar(query)
    if instance is None or instance.status not in _BOOTING:
        return None
    # A machine that is told to die leaves `requested` in the same transaction: this cannot miss it.
    this = (Runner.id == instance.runner_id, Runner.status == RunnerStatus.REQUESTED)
    unclaimed = (Runner.machine_id.is_(None)) | (Runner.machine_id == machine_id)
    admitted = update(Runner.__table__).where(*this, unclaimed)
    values = {"machine_id": machine_id, "credential_digest": digest(credential)}
    if db.session.execute(admitted.values(updated_at=now, **values)).rowcount == 0:
        return None
    runner = db.session.get(Runner, instance.runner_id, populate_existing=True)
    about = {"runner_id": instance.runner_id, "instance_id": instance.id}
    machine = Who(Actor.RUNNER, runner.name)
    record(machine, "runner registered", "with the token of its machine", now, **about)
    return runner
