"""What people do with the AWS account and everything in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.simulation.aws.everything import KEYS
from tests.simulation.deeds.deed import deed, one_of, whole
from tests.simulation.deeds.person import ADA, by_person
from webapp.clock import now
from webapp.models import aws_account as account
from webapp.models.stranger import end_stranger, strangers
from webapp.models.wishes import end_all, stop_everything

if TYPE_CHECKING:
    from tests.simulation.world import World


def _configured(world: "World", verb: Callable[[], Any]) -> None:
    by_person(world, lambda: verb() if account.aws_account() else None)


@deed("people", 2, on=one_of(True, True, False))
def on_demand(world: "World", on: bool) -> None:
    """On-demand runners on or off."""
    _configured(world, lambda: account.switch(ADA, on, now()))


@deed("people", 1, idle=one_of(0, 10, 60), lifetime=one_of(None, None, 200))
def rules(world: "World", idle: int, lifetime: int | None) -> None:
    """How long a machine may be idle, or live at all."""
    changes = {"idle_seconds": idle, "lifetime_seconds": lifetime}
    _configured(world, lambda: account.set_rules(ADA, now(), **changes))


@deed("people", 1.5, account=whole(0, 1))
def keys(world: "World", account: int) -> None:
    """Other keys, of the same account or of another."""
    enter_keys(world, account)


def enter_keys(world: "World", number: int) -> None:
    """Those of the first or second account."""
    key, (secret, _) = list(KEYS.items())[number]
    by_person(world, lambda: account.set_keys(ADA, account.Keys(key, secret), now()))


@deed("people", 0.5)
def forget_keys(world: "World") -> None:
    """Delete the keys."""
    by_person(world, lambda: account.delete_account(ADA, now()))


@deed("people", 0.7)
def check(world: "World") -> None:
    """Ask for the keys to be checked."""
    _configured(world, lambda: account.want_check(ADA, now()))


@deed("people", 0.7)
def stop_all(world: "World") -> None:
    """Stop everything."""
    by_person(world, lambda: stop_everything(ADA, now()))


@deed("people", 0.5, wish=one_of("drain", "now"))
def end_machines(world: "World", wish: str) -> None:
    """End every machine."""
    by_person(world, lambda: end_all(ADA, wish, now()))


@deed("people", 1)
def end_strangers(world: "World") -> None:
    """Whatever is in AWS and not in the books."""

    def act() -> None:
        for each in strangers():
            if each.end_asked_at is None:
                end_stranger(ADA, each, now())

    by_person(world, act)
