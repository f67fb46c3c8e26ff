"""What tests of Settings → AWS begin with: keys, a catalogue, limits, machines."""

from sqlalchemy import select

from tests.pages.scene import jobs_of, submitted
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.snapshot import Key
from webapp.engine.states import Actor
from webapp.extensions import db
from webapp.models.aws_account import AwsAccount, Keys, aws_account, set_keys
from webapp.models.catalogue import keep_offerings, keep_prices, keep_regions
from webapp.models.claiming import lock_runner
from webapp.models.event import SCHEDULER, Event, Who
from webapp.models.instance import Instance
from webapp.models.instance_moves import instance_booted, instance_found, instance_running
from webapp.models.limit import Limit, add_limit
from webapp.models.reservation import Wanted, reserve_slot
from webapp.models.runner_moves import runner_back
from webapp.models.transaction import writing

ACCESS_KEY, SECRET_KEY = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYxx"
REGION = "eu-west-1"
KEY = Key(REGION, "m5.xlarge", "spot")


def offered(name: str, cpu: int = 4, kinds: tuple[str, ...] = ("spot", "on-demand")) -> dict:
    """A line of the catalogue."""
    facts = {"gpus": [], "arch": "x86_64", "zones": ["eu-west-1a", "eu-west-1b"]}
    sizes = {"cpu_milli": cpu * 1000, "memory_mib": cpu * 4096}
    return {"instance_type": name, "purchase_types": list(kinds), **sizes, **facts}


def configure() -> None:
    """Keys, two usable regions of which one is known, and a price."""
    with writing():
        set_keys(TESTS, Keys(ACCESS_KEY, SECRET_KEY), now())
        keep_regions([(REGION, True), ("us-east-1", True), ("af-south-1", False)], now())
        types = [offered("m5.xlarge"), offered("m5.2xlarge", 8), offered("c1.old", 2, ("spot",))]
        keep_offerings(REGION, types, now())
        keep_prices(REGION, {("eu-west-1a", "m5.xlarge"): 0.08}, now())


def account() -> AwsAccount:
    """As it is now."""
    db.session.expire_all()
    return aws_account()


def a_limit(maximum: int = 3, key: Key = KEY) -> Limit:
    """A limit of this key."""
    with writing():
        return add_limit(TESTS, key, maximum, now())


def a_machine(limit: Limit, price: float | None = 0.08, ec2_id: str | None = None) -> Instance:
    """A machine that runs in EC2 for a new job, and has not called in."""
    (job,) = jobs_of(submitted())
    with writing():
        instance = reserve_slot(SCHEDULER, Wanted(limit.id, job.id, False, "it fits"), now())
        number = f"{now() % 10**9:09d}"
        facts = {
            "request_id": f"sir-{number}",
            "ec2_id": ec2_id or f"i-{number}",
            "zone": "eu-west-1a",
        }
        instance_found(instance.id, {**facts, "price": price}, "EC2 took it", now())
        instance_running(instance.id, "EC2 runs it", now())
    return instance


def booted(instance: Instance) -> Instance:
    """Its agent has called in."""
    me = Who(Actor.RUNNER, instance.runner.name)
    with writing():
        assert runner_back(me, lock_runner(instance.runner_id), "", now())
        instance_booted(instance.id, "", now())
    db.session.expire_all()
    return instance


def happened(what: str) -> list[tuple[str, str]]:
    """(who, why) of each event of this kind."""
    rows = db.session.execute(select(Event.who, Event.why).where(Event.what == what))
    return [(who, why) for who, why in rows]


def refused_for(client, *addresses: str) -> list[int]:
    """Statuses of GET, or of POST for an address that begins with a +."""
    return [
        (client.post(each[1:]) if each.startswith("+") else client.get(each)).status_code
        for each in addresses
    ]
