"""What a person wants to happen to machines. The scheduler's next tick carries it out."""

from sqlalchemy import update

from webapp.engine.states import Instance as Status
from webapp.extensions import db
from webapp.models.aws_account import aws_account, switch
from webapp.models.event import Who, record
from webapp.models.instance import Instance, living_instances
from webapp.models.transaction import announce, require_writing

DRAIN = "drain"  # after its jobs
NOW = "now"  # its jobs go back to the queue


def wish_end(who: Who, instance: Instance, wish: str, now: int) -> bool:
    """End one machine, after its jobs or now; False when it is on its way out already."""
    require_writing()
    going = (Status.TERMINATING, Status.TERMINATED)
    why = f"{who.name} ended it" + (" now." if wish == NOW else " after its jobs.")
    query = update(Instance.__table__).where(
        Instance.id == instance.id, Instance.status.not_in(going)
    )
    if db.session.execute(query.values(wish=wish, wish_why=why)).rowcount == 0:
        return False
    about = {"runner_id": instance.runner_id, "instance_id": instance.id}
    record(who, "instance end asked", why, now, **about)
    announce("aws")
    return True


def end_all(who: Who, wish: str, now: int) -> int:
    """End every machine, e.g. before the keys are replaced; how many were asked to."""
    return sum(wish_end(who, each, wish, now) for each in living_instances())


def stop_everything(who: Who, now: int) -> int:
    """No new launches, all machines end now, jobs stay queued; how many machines."""
    require_writing()
    if aws_account() is not None:
        switch(who, False, now)
    count = end_all(who, NOW, now)
    record(who, "stop everything", f"{count} machine(s) told to end", now)
    return count
