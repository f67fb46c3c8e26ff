"""The AWS account that machines are launched in: keys, switch, and the rules for all limits."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Json, Moment, Name, Sealed
from webapp.models.event import Who, record
from webapp.models.instance import Instance, living_instances
from webapp.models.transaction import announce, require_writing

KEYS = "keys"
CHAIN = "chain"  # the standard AWS credential chain of the host, chosen explicitly
RULES = ("region", "maximum_price", "idle_seconds", "boot_seconds", "lifetime_seconds")


class MachinesLive(Exception):
    """Keys cannot go while machines live that only they can end. `names`: their runners."""

    def __init__(self, names: list[str]) -> None:
        one = len(names) == 1
        listed = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        noun, verb = ("machine", "lives") if one else ("machines", "live")
        super().__init__(f"{len(names)} {noun} still {verb}: {listed}. Drain or end them first.")
        self.names = names


class AwsAccount(db.Model):
    """One row. `source`: keys or chain; times in seconds; `maximum_price`: dollars per hour."""

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[Name]
    access_key_id: Mapped[str | None] = mapped_column(Sealed)
    secret_access_key: Mapped[str | None] = mapped_column(Sealed)
    session_token: Mapped[str | None] = mapped_column(Sealed)
    region: Mapped[Name | None]
    maximum_price: Mapped[float | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    idle_seconds: Mapped[int] = mapped_column(default=300)
    boot_seconds: Mapped[int] = mapped_column(default=600)
    lifetime_seconds: Mapped[int | None]
    check_result: Mapped[Json | None]
    check_wanted_at: Mapped[Moment | None]
    checked_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    @property
    def masked(self) -> tuple[str, str]:
        """Both keys as they may be shown: the first four and the last four characters."""
        return mask(self.access_key_id), mask(self.secret_access_key)


@dataclass(frozen=True, repr=False)
class Keys:
    """What a person typed. Without `access_key_id` the host's credential chain is meant."""

    access_key_id: str | None = None
    secret_access_key: str | None = None
    session_token: str | None = None


def mask(secret: str | None) -> str:
    """First four, stars, last four; only stars when the secret is too short for that."""
    if not secret:
        return ""
    if len(secret) < 12:
        return "*" * len(secret)
    return secret[:4] + "*" * (len(secret) - 8) + secret[-4:]


def aws_account() -> AwsAccount | None:
    """The account, None when AWS is not configured."""
    return db.session.scalar(select(AwsAccount))


def set_keys(who: Who, keys: Keys, now: int) -> None:
    """Enter the keys or replace them; a check is asked for. Raises MachinesLive."""
    require_writing()
    _refuse_while_machines_live()
    values: dict[str, Any] = {
        "source": KEYS if keys.access_key_id else CHAIN,
        "access_key_id": keys.access_key_id,
        "secret_access_key": keys.secret_access_key,
        "session_token": keys.session_token,
        "check_result": None,
        "check_wanted_at": now,
        "checked_at": None,
        "updated_at": now,
    }
    account = aws_account()
    if account is None:
        db.session.add(AwsAccount(id=1, created_at=now, **values))
        db.session.flush()
    else:
        _change(**values)
    what = mask(keys.access_key_id) or "the host's own credentials"
    record(who, "AWS keys set", what, now)
    announce("aws")


def delete_account(who: Who, now: int) -> None:
    """Forget the keys; limits stay. Raises MachinesLive."""
    require_writing()
    _refuse_while_machines_live()
    account = aws_account()
    if account is not None:
        db.session.delete(account)
        db.session.flush()
        record(who, "AWS keys deleted", "", now)


def set_rules(who: Who, now: int, **rules: Any) -> None:
    """Change settings of RULES, e.g. `idle_seconds=0`."""
    require_writing()
    unknown = set(rules) - set(RULES)
    if unknown:
        raise ValueError(f"not a rule: {', '.join(sorted(unknown))}")
    _change(updated_at=now, **rules)
    words = ", ".join(f"{name} {value}" for name, value in sorted(rules.items()))
    record(who, "AWS settings changed", words, now)


def switch(who: Who, on: bool, now: int) -> None:
    """On-demand runners on or off; off drains every machine."""
    require_writing()
    _change(enabled=on, updated_at=now)
    record(who, "on-demand runners switched " + ("on" if on else "off"), f"by {who.name}", now)
    announce("aws")


def want_check(who: Who, now: int) -> None:
    """Ask for the keys to be checked; the result will be on the row."""
    require_writing()
    _change(check_wanted_at=now)
    record(who, "AWS check asked", f"by {who.name}", now)
    announce("aws")


def checked(who: Who, result: dict[str, Any], now: int) -> None:
    """Keep what a check found."""
    require_writing()
    _change(check_result=result, checked_at=now, check_wanted_at=None)
    record(who, "AWS checked", str(result.get("sentence", "")), now)


def _change(**values: Any) -> None:
    db.session.execute(update(AwsAccount.__table__).values(**values))
    db.session.expire_all()


def _refuse_while_machines_live() -> None:
    living: list[Instance] = living_instances()
    if living and aws_account() is not None:
        raise MachinesLive([each.runner.name for each in living])
