"""Launching: never twice, never over the limit, whatever EC2 answers or does not."""

import threading

import pytest
from sqlalchemy import update

from tests.tasks.house import ADA, KEY, REGION, ZONES, House
from webapp.engine.plan import plan
from webapp.engine.snapshot import Key
from webapp.extensions import db
from webapp.models.aws_account import set_rules
from webapp.models.instance import Instance
from webapp.models.limit import Limit, reset_limit
from webapp.models.run import Run
from webapp.models.transaction import writing
from webapp.tasks.apply import apply
from webapp.tasks.gather import gather

CALL = "RequestSpotInstances"


def only_limit() -> Limit:
    db.session.expire_all()
    return db.session.query(Limit).one()


def test_the_call_is_frozen_with_the_row_and_names_no_tags_and_no_profile(house: House):
    house.limit(volume_gib=50, encrypted=True)
    house.submit()
    house.tick()
    frozen = house.instance().parameters
    assert (frozen["volume_gib"], frozen["encrypted"]) == (50, True)
    assert frozen["valid_until"] % 1000 == 0
    assert house.instance().user_data.startswith("#!/bin/sh\nshutdown -h +")
    (machine,) = house.in_aws()
    assert machine["lifecycle"] == "spot"


def test_secrets_of_a_launch_are_not_plain_in_the_database(house: House):
    house.limit()
    house.submit()
    house.tick()
    raw = db.session.connection().exec_driver_sql("SELECT user_data FROM instance").scalar()
    assert "shutdown" not in raw and "dstack-runner" not in raw


def test_a_machine_for_the_code_of_a_repository_is_given_git(house: House):
    house.limit()
    house.submit()
    with writing():
        db.session.execute(update(Run).values(repo_url="https://example.org/a.git"))
    house.tick()
    assert "install --no-install-recommends git" in house.instance().user_data


@pytest.mark.parametrize("mode", ["lost", "duplicate"])
def test_a_lost_or_doubled_answer_makes_one_machine(house: House, mode: str):
    house.limit()
    house.submit()
    house.aws.fault(CALL, mode=mode)
    house.tick()
    house.until(lambda: house.instance_status() == "running", "running")
    assert len(house.instances()) == 1
    assert len(house.in_aws()) == 1


def test_a_lost_answer_is_repeated_with_the_same_token_and_parameters(house: House):
    house.limit()
    house.submit()
    house.aws.fault(CALL, mode="lost")
    house.tick()
    lost = house.instance()
    assert (lost.status, lost.tries, lost.request_id) == ("pending", 1, None)
    assert "AWS did not answer" in lost.launch_error
    house.clock.advance(31)
    house.tick()
    found = house.instance()
    assert (found.status, found.tries, found.id) == ("requested", 2, lost.id)
    assert len(house.in_aws()) == 1


def test_a_refusal_frees_the_slot_and_the_limit_waits_with_a_sentence(house: House):
    house.limit()
    (job,) = house.submit()
    house.aws.fault(CALL, code="MaxSpotInstanceCountExceeded")
    house.tick()
    assert house.instance().status == "terminated"
    limit = only_limit()
    assert limit.trouble_kind == "quota"
    house.tick()
    assert "quota of vCPUs" in house.job(job).waiting
    assert "next try at" in house.job(job).waiting
    assert len(house.instances()) == 1
    house.clock.advance(301)
    house.tick()
    assert [each.status for each in house.instances()] == ["terminated", "requested"]


def test_a_refusal_of_a_repeated_call_is_no_proof_that_the_first_one_had_no_effect(house: House):
    house.limit()
    house.submit()
    house.aws.fault(CALL, mode="lost")
    house.tick()
    house.aws.fault(CALL, code="UnauthorizedOperation", times=9)
    house.clock.advance(31)
    house.tick()
    assert house.instance().status == "terminating"
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    assert house.in_aws() == []
    assert house.instance().request_id, "the request of the lost answer was found"


def test_a_mismatch_never_leads_to_a_new_token_while_the_first_may_live(house: House):
    house.limit()
    house.submit()
    house.aws.fault(CALL, mode="lost")
    house.tick()
    lost = house.instance().id
    with writing():
        row = db.session.get(Instance, lost)
        row.parameters = {**row.parameters, "volume_gib": 99}
    house.clock.advance(31)
    house.tick()
    assert only_limit().trouble_kind == "bad_request"
    assert house.instance().status == "terminating"
    assert len(house.instances()) == 1


def test_a_throttled_call_is_repeated_and_blames_nobody(house: House):
    house.limit()
    house.submit()
    house.aws.fault(CALL, code="RequestLimitExceeded")
    house.tick()
    assert house.instance().status == "pending"
    assert only_limit().trouble_kind is None
    house.clock.advance(31)
    house.tick()
    assert house.instance().status == "requested"


def test_without_capacity_the_next_zone_is_tried_and_then_the_limit_waits(house: House):
    house.limit()
    house.aws.knobs(capacity={"m5.xlarge": 0})
    (job,) = house.submit()
    tried = []
    for _ in ZONES:
        house.clock.advance(1)
        house.tick()
        house.look()
        house.clock.advance(21)
        house.tick()  # the open request is given up
        number = len(tried) + 1
        house.until(lambda n=number: ended(house, n), "the request is cancelled")
        tried = [each.zone for each in house.instances()]
        if only_limit().trouble_kind:
            break
    assert sorted(set(tried))[:2] == ZONES[:2]
    assert only_limit().trouble_kind == "capacity"
    house.tick()
    assert "next try at" in house.job(job).waiting
    house.aws.knobs(capacity={})
    assert house.in_aws() == []


def test_without_capacity_the_next_limit_is_taken(house: House):
    house.limit()
    other = house.limit(1, Key(REGION, "m5.2xlarge", "spot"))
    with writing():
        limit = db.session.merge(only_first())
        limit.trouble_kind, limit.trouble_message = "capacity", "EC2 has no capacity"
        limit.trouble_until = house.clock() + 60_000
    house.submit()
    house.tick()
    assert house.instance().limit_id == other.id


def ended(house: House, number: int) -> bool:
    return all(each.status == "terminated" for each in house.instances()[:number])


def only_first() -> Limit:
    return db.session.query(Limit).order_by(Limit.id).first()


def test_purchase_type_on_demand_needs_a_permission_that_is_named(house: House):
    house.limit(1, KEY._replace(purchase_type="on-demand"))
    (job,) = house.submit(interruptible=False)
    house.tick()
    house.tick()
    assert "ec2:RunInstances" in house.job(job).waiting
    actions = [*house.aws.knobs()["iam_actions"], "ec2:RunInstances"]
    house.aws.knobs(iam_actions=actions)
    with writing():
        reset_limit(ADA, only_limit(), house.clock())
    house.tick()
    (machine,) = house.in_aws()
    assert machine["lifecycle"] != "spot"
    house.aws.knobs(iam_actions=[each for each in actions if each != "ec2:RunInstances"])


def test_three_failed_boots_in_a_row_trip_the_limit_until_it_is_reset(house: House):
    house.limit(1)
    (job,) = house.submit()
    for count in range(1, 4):
        house.until(lambda: house.in_aws("running"), "a machine runs")
        house.look()
        house.clock.advance(601)
        # The next machine may be on its way before this one is confirmed dead: count, don't look.
        house.until(lambda n=count: only_limit().failed_boots == n, "the boot has failed")
    assert only_limit().tripped_at
    # Not only in EC2: the slot is free when the books have heard of it.
    house.until(lambda: all(x.status == "terminated" for x in house.instances()), "all ended")
    house.tick()
    assert "never booted. Reset it." in house.job(job).waiting
    assert house.in_aws() == []
    with writing():
        reset_limit(ADA, only_limit(), house.clock())
    house.tick()
    assert len(house.in_aws()) == 1


def test_death_after_the_row_loses_and_doubles_nothing(house: House):
    house.limit(1)
    house.submit()
    apply(plan(gather(house.clock())), house.clock())
    assert house.instance().status == "pending"
    house.tick()  # the next process
    assert house.instance().status == "requested"
    assert len(house.in_aws()) == 1


def test_a_call_that_is_under_way_is_not_made_by_the_next_process(house: House):
    house.limit(1)
    house.submit()
    house.aws.fault(CALL, code="InternalError", delay=1)
    with Elsewhere(house):
        house.aws.wait_until(lambda state: CALL in state["calls"])
        assert house.instance().tries == 1
        house.tick()
        assert house.aws.state()["calls"][CALL] == 1
    assert (house.instance().status, house.in_aws()) == ("pending", [])
    house.clock.advance(31)
    house.tick()
    assert (house.instance().tries, len(house.in_aws())) == (2, 1)


class Elsewhere:
    """Another process that ticks once, for the length of a block."""

    def __init__(self, house: House) -> None:
        self.house, self.thread = house, threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.thread.join(20)

    def _run(self) -> None:
        with self.house.app.app_context():
            self.house.tick()
            db.session.remove()


def test_a_request_whose_answer_was_not_stored_is_found_before_it_is_repeated(house: House):
    house.limit(1)
    house.submit()
    house.aws.fault(CALL, mode="lost")
    house.tick()
    assert house.instance().request_id is None
    house.look()
    assert house.instance().request_id.startswith("sir-")
    house.clock.advance(31)
    house.turn()
    assert (house.instance().tries, len(house.in_aws())) == (1, 1)


def test_a_maximum_price_is_named_only_when_it_is_set(house: House):
    house.limit()
    with writing():
        set_rules(ADA, house.clock(), maximum_price=0.5)
    house.submit()
    house.tick()
    assert house.instance().parameters["maximum_price"] == 0.5


def test_a_region_without_a_network_says_so(house: House):
    house.limit()
    house.aws.knobs(regions_without_default_vpc=[REGION])
    (job,) = house.submit()
    house.tick()
    house.tick()
    assert "default network (VPC)" in house.job(job).waiting
    assert house.instance().status == "terminated"
