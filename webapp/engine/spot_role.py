"""Whether the role exists through which EC2 launches spot machines, as far as it can be known.

The permissions that the keys need cannot read roles. EC2 tells by what it does with requests.
"""

from dataclasses import dataclass

from webapp.engine.words import day_and_time

THERE, MISSING, NOT_KNOWN = "there", "missing", "not known"

_MAKE = "Make it once in this account, with the command below."


@dataclass(frozen=True, slots=True)
class Signs:
    """What EC2 has shown of it, with these keys. `dry_run`: its words against a request that was
    only tried. `listed`: a spot request of this account that it lists now. `taken_at`,
    `refused_at`: when it last took a request of ours, and last refused one for want of the role.
    """

    dry_run: str | None = None
    listed: str | None = None
    taken_at: int | None = None
    refused_at: int | None = None


def spot_role(signs: Signs) -> tuple[str, str]:
    """(there, missing or not known; a sentence)."""
    if signs.dry_run:
        return MISSING, f"{signs.dry_run} {_MAKE}"
    if signs.refused_at is not None and signs.refused_at > (signs.taken_at or 0):
        when = day_and_time(signs.refused_at)
        return MISSING, f"EC2 refused a request for want of it at {when}. {_MAKE}"
    if signs.taken_at is not None:
        return THERE, f"EC2 took a spot request with these keys at {day_and_time(signs.taken_at)}."
    if signs.listed:
        return THERE, f"The account has a spot request, {signs.listed}: EC2 takes none without it."
    return NOT_KNOWN, (
        "These permissions cannot read roles, and EC2 tells only when a machine is asked for. An "
        f"account that has used spot machines before has it. {_MAKE}"
    )
