"""Ending machines: repeated until EC2 confirms, whatever it answers meanwhile."""

from tests.tasks.house import ADA, House
from webapp.models.instance import billing_since
from webapp.models.transaction import writing
from webapp.models.wishes import DRAIN, NOW, end_all


def end_now(house: House, wish: str = NOW) -> None:
    with writing():
        end_all(ADA, wish, house.clock())
    house.tick()


def test_terminate_is_repeated_until_ec2_confirms_and_is_billed_until_then(house: House):
    house.limit(1)
    house.booted()
    house.look()
    house.aws.fault("TerminateInstances", code="UnauthorizedOperation", times=5)
    end_now(house)
    instance = house.instances()[0]
    assert instance.status == "terminating"
    assert "UnauthorizedOperation" in instance.terminate_error
    assert billing_since(instance) == instance.machine_at
    for _ in range(10):
        house.look()
        house.tick()
    house.clock.advance(7 * 24 * 3600)
    assert house.instances()[0].terminate_tries > 5
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    assert house.instances()[0].terminate_error is None
    assert billing_since(house.instances()[0]) is None
    assert [w for w in house.events("terminate refused") if "UnauthorizedOperation" in w]


def test_a_machine_that_ec2_says_it_does_not_find_is_not_gone(house: House):
    house.limit(1)
    house.finish(house.booted().runner)
    house.look()
    house.aws.fault("TerminateInstances", code="InvalidInstanceID.NotFound", times=1)
    end_now(house)
    house.tick()
    told = house.instance()
    assert (told.status, told.terminate_tries, told.terminate_error) == ("terminating", 1, None)
    assert [each["id"] for each in house.in_aws()] == [told.ec2_id]
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    assert house.in_aws() == []


def test_the_slot_is_free_only_after_confirmed_death(house: House):
    house.limit(1)
    house.booted()
    house.look()
    house.aws.fault("TerminateInstances", code="InternalError", times=3)
    end_now(house)
    house.submit()
    house.tick()
    assert len(house.instances()) == 1


def test_revoked_keys_are_shown_and_nothing_is_forgotten(house: House):
    house.limit(1)
    house.booted()
    house.look()
    house.aws.knobs(revoked_keys=[house.aws.ready["access_key_id"]])
    end_now(house)
    for _ in range(3):
        house.look()
        house.tick()
    assert house.instances()[0].status == "terminating"
    assert "AWS does not accept the keys" in house.instances()[0].terminate_error
    house.aws.knobs(revoked_keys=[])
    house.until(lambda: house.instances()[0].status == "terminated", "terminated")
    assert house.instances()[0].ec2_id not in {m["id"] for m in house.in_aws()}


def test_a_job_claimed_after_the_machine_was_found_idle_is_not_killed(house: House):
    from webapp.engine.plan import plan
    from webapp.tasks.apply import apply
    from webapp.tasks.gather import gather

    house.limit(1)
    instance = house.booted()
    house.finish(instance.runner)
    house.clock.advance(301)
    decided = plan(gather(house.clock()))
    (job,) = house.submit()
    assert house.claim(instance.runner) == [job]
    assert apply(decided, house.clock()) == 0
    assert house.instance().runner.status == "live"


def test_a_draining_machine_with_a_job_is_not_terminated_by_a_stale_plan(house: House):
    from webapp.engine.plan.actions import Terminate
    from webapp.tasks.apply import apply

    house.limit(1)
    instance = house.booted()
    stale = Terminate(instance.id, "idle", "It is drained: no job is left on it.")
    assert apply([stale], house.clock()) == 0
    assert house.instance().status == "running"


def test_death_while_draining_is_carried_on_by_the_next_process(house: House):
    house.limit(1)
    instance = house.booted()
    end_now(house, DRAIN)
    assert (house.instance().status, house.instance().runner.status) == ("draining", "draining")
    house.app.extensions.pop("cloud")  # a new process has no clients
    house.turn()
    assert house.instance().status == "draining", "it has a job"
    assert [house.job(each).status for each in house.all_jobs()] == ["running"]
    house.finish(instance.runner)
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    assert house.in_aws() == []
    assert [house.job(each).status for each in house.all_jobs()] == ["done"]


def test_death_while_terminating_is_carried_on_by_the_next_process(house: House):
    house.limit(1)
    house.finish(house.booted().runner)
    house.look()
    house.clock.advance(301)
    house.aws.fault("TerminateInstances", code="InternalError", times=1)
    house.tick()
    house.tick()
    assert house.instance().status == "terminating"
    assert len(house.in_aws("running")) == 1
    house.app.extensions.pop("cloud")  # a new process has no clients
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    assert house.in_aws() == []


def test_after_the_clock_was_set_back_the_call_is_repeated_now(house: House):
    house.limit(1)
    house.booted()
    house.look()
    house.aws.fault("TerminateInstances", code="UnauthorizedOperation", times=5)
    end_now(house)
    tries = house.instances()[0].terminate_tries
    house.clock.advance(
        -3600
    )  # also before anybody noticed that, and after a call that was under way
    house.tick()
    assert house.instances()[0].terminate_tries == tries + 1 > 1
