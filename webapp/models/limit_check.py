"""Whether a limit can be added or set, told field by field before anything is saved."""

from dataclasses import dataclass, field

from sqlalchemy import select

from webapp.engine.snapshot import Key
from webapp.extensions import db
from webapp.models.catalogue import CatalogueRegion, Offering, offering, regions
from webapp.models.limit import limit_of

PURCHASE_TYPES = ("spot", "on-demand")
MOST_MACHINES = 10_000


@dataclass(frozen=True)
class LimitWish:
    """What somebody typed. `problems`: field -> one sentence; empty when all is well."""

    region: str
    instance_type: str
    purchase_type: str
    maximum: str
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What the limit would count under."""
        return Key(self.region, self.instance_type, self.purchase_type)

    @property
    def offered(self) -> Offering | None:
        """The type as its region offers it."""
        return offering(self.region, self.instance_type)


def check_wish(region: str, instance_type: str, purchase_type: str, maximum: str) -> LimitWish:
    """The wish with everything that is wrong with it."""
    words = (region, instance_type, purchase_type, maximum)
    wish = LimitWish(*(word.strip() for word in words))
    found = {
        "region": _region_problem(wish),
        "instance_type": _type_problem(wish),
        "purchase_type": _purchase_problem(wish),
        "maximum": maximum_problem(wish.maximum),
    }
    problems = {name: sentence for name, sentence in found.items() if sentence}
    wish.problems.update(problems)
    return wish


def duplicate_problem(wish: LimitWish) -> str | None:
    """Why a new limit would be a second one of its kind."""
    if limit_of(wish.key) is None:
        return None
    return f"There is a limit for {wish.key} already: change its maximum."


def maximum_problem(text: str) -> str | None:
    """What is wrong with a maximum that was typed."""
    if not text.isascii() or not text.isdigit():
        return "Give a whole number of machines, 1 or more."
    if int(text) < 1:
        return "At least 1. To have no machines, switch the limit off or delete it."
    if int(text) > MOST_MACHINES:
        return f"At most {MOST_MACHINES}: is there a digit too many?"
    return None


def _region_problem(wish: LimitWish) -> str | None:
    if not wish.region:
        return "Choose a region."
    row = db.session.get(CatalogueRegion, wish.region)
    if row is None and not regions():
        return "Which regions there are is not known yet: try again in a few seconds."
    if row is None:
        return f"There is no region {wish.region}."
    if not row.usable:
        return f"The region {wish.region} is not enabled in this AWS account."
    if row.refreshed_at is None:
        why = f" ({row.error})" if row.error else ""
        return f"What {wish.region} offers is not known yet{why}: try again in a few seconds."
    return None


def _type_problem(wish: LimitWish) -> str | None:
    if not wish.instance_type:
        return "Choose an instance type."
    if _region_problem(wish) or wish.offered:
        return None
    known = db.session.scalar(select(Offering.region).filter_by(instance_type=wish.instance_type))
    if known:
        return f"{wish.instance_type} is not offered in {wish.region}."
    return f"There is no instance type {wish.instance_type}."


def _purchase_problem(wish: LimitWish) -> str | None:
    if wish.purchase_type not in PURCHASE_TYPES:
        return "Choose spot or on-demand."
    if wish.offered and wish.purchase_type not in wish.offered.purchase_types:
        return f"{wish.instance_type} cannot be bought as {wish.purchase_type}."
    return None
