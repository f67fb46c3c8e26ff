"""Looking at EC2: the two directions, interruptions, strangers, errors."""

import boto3
import pytest

from tests.tasks.house import ADA, KEY, REGION, House
from tests.waiting import eventually
from webapp.extensions import db
from webapp.models.claiming import lock_runner
from webapp.models.event import SCHEDULER
from webapp.models.region import Region
from webapp.models.runner_moves import interrupt_runner
from webapp.models.stranger import Stranger, end_stranger, strangers
from webapp.models.transaction import writing
from webapp.models.wishes import stop_everything
from webapp.scheduler import Scheduler
from webapp.tasks.observe import observe


def ec2(house: House):
    ready = house.aws.ready
    return boto3.client(
        "ec2",
        region_name=REGION,
        endpoint_url=ready["ec2"],
        aws_access_key_id=ready["access_key_id"],
        aws_secret_access_key=ready["secret_access_key"],
    )


def forget(house: House) -> None:
    """The books are lost; the machine is not."""
    instance = house.instance()
    with writing():
        db.session.delete(db.session.get(type(instance), instance.id))


def test_a_machine_whose_hardware_fails_ends_with_awss_reason_and_loses_its_job(house: House):
    permitted = house.aws.knobs()["iam_actions"]
    house.aws.knobs(iam_actions=[*permitted, "ec2:RunInstances"])
    house.limit(key=KEY._replace(purchase_type="on-demand"))
    instance = house.booted()
    house.look()
    house.aws.befall(house.instance().ec2_id, "kill")
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    first = house.instances()[0]
    assert first.end_cause == "ec2" and first.aws_reason
    assert first.runner.status == "gone"
    (job,) = [house.job(each) for each in house.all_jobs()]
    assert job.status == "failed"
    assert "terminated" in job.reason
    assert instance.id == first.id
    house.aws.knobs(iam_actions=permitted)


def test_a_machine_that_ec2_took_back_without_a_notice_costs_no_retry(house: House):
    """The last word of its request is as good as the notice that nobody heard."""
    house.limit()
    house.booted()
    house.look()
    house.aws.befall(house.instance().ec2_id, "kill")
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    (job,) = [house.job(each) for each in house.all_jobs()]
    assert (job.status, job.retries_left) == ("submitted", 0)
    assert any("without notice" in why for why in house.events("runner interrupted"))


def test_an_interruption_is_seen_in_the_request_and_costs_no_retry(house: House):
    house.limit()
    house.booted()
    house.look()
    house.aws.interrupt(house.instance().ec2_id, real_seconds=1)
    house.until(lambda: house.instances()[0].runner.status == "interrupted", "interrupted")
    (job,) = [house.job(each) for each in house.all_jobs()]
    assert job.status == "running", "it may use its two minutes"
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    job = house.job(job.id)
    assert (job.status, job.retries_left) == ("submitted", 0)
    assert any("no-capacity" in why for why in house.events("runner interrupted"))


def test_a_notice_that_only_the_agent_heard_costs_no_retry_either(house: House):
    house.limit()
    runner = house.booted().runner
    house.look()
    with writing():
        interrupt_runner(SCHEDULER, lock_runner(runner.id), "it heard so", house.clock(), None)
    house.aws.befall(house.instance().ec2_id, "kill")
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    (job,) = [house.job(each) for each in house.all_jobs()]
    assert (job.status, job.retries_left) == ("submitted", 0)


def test_an_interrupted_runner_gets_no_jobs(house: House):
    house.limit()
    instance = house.booted()
    house.look()
    house.aws.interrupt(house.instance().ec2_id, real_seconds=5)
    house.until(lambda: house.instance().runner.status == "interrupted", "interrupted")
    house.submit()
    assert house.claim(instance.runner) == []


def test_a_machine_that_is_taken_back_before_it_booted_takes_no_job_and_is_no_failed_boot(
    house: House,
):
    limit = house.limit()
    house.submit()
    house.until(lambda: house.instance_status() == "running", "running")
    house.aws.interrupt(house.instance().ec2_id, real_seconds=5)
    eventually(lambda: house.look() and house.instance().interruption_at, what="the notice")
    runner = house.boot(house.instance())
    assert runner.status == "interrupted"
    assert house.claim(runner) == []
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    db.session.refresh(limit)
    assert (limit.failed_boots, len(limit.zones)) == (0, 0)
    assert len(house.instances()) == 2, "its job gets another machine"


def test_a_machine_that_is_taken_back_and_never_calls_in_blames_the_zone_not_its_boot(
    house: House,
):
    limit = house.limit()
    house.submit()
    house.until(lambda: house.instance_status() == "running", "running")
    house.aws.interrupt(house.instance().ec2_id, real_seconds=5)
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    db.session.refresh(limit)
    assert limit.failed_boots == 0
    assert list(limit.zones) == [house.instances()[0].zone]


def test_a_filled_request_that_was_cancelled_is_asked_for_its_machine(house: House):
    house.limit(1)
    house.aws.knobs(capacity={"m5.xlarge": 0})
    house.submit()
    house.turn()
    house.aws.knobs(capacity={}, cancel_races=1, cancel_race_seconds=0.1)
    house.clock.advance(21)
    house.tick()
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    first = house.instances()[0]
    assert first.ec2_id, "the cancel came too late, and a machine was made"
    assert first.ec2_id not in {m["id"] for m in house.in_aws()}


def test_a_machine_not_in_the_books_is_shown_and_ended_by_one_click(house: House):
    house.limit()
    house.submit()
    house.turn()
    forget(house)
    house.clock.advance(400)
    assert strangers() == []
    observe(house.clock())
    (stranger,) = strangers()
    assert (stranger.kind, stranger.end_asked_at) == ("machine", None)
    assert len(house.in_aws()) == 1, "nobody asked to end it"
    with writing():
        end_stranger(ADA, db.session.get(Stranger, stranger.id), house.clock())
    house.until(lambda: not strangers(), "gone")
    assert stranger.id not in {m["id"] for m in house.in_aws()}


def test_a_young_unknown_machine_is_spared(house: House):
    house.limit()
    house.submit()
    house.turn()
    forget(house)
    house.look()
    assert strangers() == []


def test_a_region_without_machines_is_swept_every_five_minutes(house: House):
    house.limit()
    house.booted()
    house.finish(house.instance().runner)
    house.clock.advance(301)
    house.tick()
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    db.session.expire_all()
    house.clock.moment = db.session.get(Region, REGION).tried_at + 299_000
    assert observe(house.clock()) == 0
    house.clock.advance(1)
    assert observe(house.clock()) == 1


def test_a_region_that_was_never_used_is_never_asked(house: House):
    house.limit()
    house.aws.fault(".*", code="InternalError")
    assert observe(house.clock()) == 0
    assert len(house.aws.state()["faults"]) == 1


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "UnauthorizedOperation", "AuthFailure"])
def test_an_error_is_kept_shown_and_nothing_is_forgotten(house: House, code: str):
    house.limit()
    house.booted()
    house.look()
    house.aws.fault("Describe.*", code=code, times=2)
    house.look()
    db.session.expire_all()
    region = db.session.get(Region, REGION)
    assert code in region.error
    assert region.next_try_at > house.clock()
    assert house.instance().status == "running"
    house.clock.advance(61)
    house.aws.clear_faults()
    house.look()
    db.session.expire_all()
    assert db.session.get(Region, REGION).error is None


def test_a_busy_machine_that_one_listing_lacks_is_not_gone(house: House):
    house.limit()
    house.booted()
    house.look()
    house.aws.knobs(visible_delay=3600)
    for _ in range(40):
        house.look()
    house.aws.knobs(visible_delay=0)
    assert (house.instance().status, house.instance().runner.status) == ("running", "live")
    house.look()
    assert house.instance().missing_since is None


def test_a_machine_whose_agent_was_faster_than_ec2s_listing_is_looked_for_soon(house: House):
    house.limit()
    house.submit()
    house.tick()
    house.aws.knobs(visible_delay=3600)
    observe(house.clock())
    house.aws.knobs(visible_delay=0)
    house.boot(house.instance())
    house.tick()
    assert (house.instance().status, house.instance().ec2_id) == ("running", None)
    house.clock.advance(2)
    assert observe(house.clock()) == 1
    assert house.instance().ec2_id
    house.clock.advance(3)
    assert observe(house.clock()) == 0, "it is known, and lives"


def test_at_most_two_calls_are_made_for_a_region_where_all_is_well(house: House):
    house.limit()
    house.booted()
    house.look()
    house.aws.fault("DescribeNothing", code="InternalError", times=1)
    house.aws.fault("Describe.*", delay=0.001, times=10)
    house.look()
    left = [f["times"] for f in house.aws.state()["faults"] if f["operation"] == "Describe.*"]
    assert left == [8]


def test_after_the_clock_was_set_forward_ec2_still_has_its_time_to_list_what_it_was_asked_for(
    house,
):
    """A second after a call that was not answered the clock is set forward by an hour."""
    house.limit(1)
    house.submit()
    house.aws.fault("RequestSpotInstances", code="InternalError", times=9)
    house.tick()
    with writing():
        stop_everything(ADA, house.clock())
    house.tick()
    assert house.instance().status == "terminating"
    house.clock.advance(3600)
    Scheduler(house.app)._clock_was_set(3600)
    house.look()
    assert house.instance().status == "terminating", "its slot is free, and it is not over"
    (why,) = house.events("clock set forward")
    assert why.startswith("by 3600 seconds")
    house.clock.advance(300)
    house.look()
    assert house.instance().status == "terminated"
