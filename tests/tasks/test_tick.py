"""From a waiting job to a machine, and to its end, against practice AWS."""

from tests.tasks.house import ADA, KEY, House
from webapp.models.limit import set_maximum
from webapp.models.transaction import writing
from webapp.models.wishes import stop_everything


def test_a_waiting_job_gets_a_machine_that_is_requested_with_the_documented_call(house: House):
    house.limit()
    house.submit()
    house.tick()
    instance = house.instance()
    assert (instance.status, instance.runner.status) == ("requested", "requested")
    assert instance.request_id.startswith("sir-")
    assert len(house.in_aws()) == 1


def test_it_becomes_running_when_ec2_says_so_and_live_when_its_agent_calls(house: House):
    house.limit()
    (job,) = house.submit()
    house.until(lambda: house.instance_status() == "running", "running")
    runner = house.boot(house.instance())
    house.tick()
    assert house.instance().booted_at is not None
    assert house.claim(runner) == [job]


def test_an_idle_machine_drains_then_ends_and_is_gone_only_by_ec2s_word(house: House):
    house.limit()
    instance = house.booted()
    house.finish(instance.runner)
    house.clock.advance(299)
    house.tick()
    assert house.instance().status == "running"
    house.clock.advance(2)
    house.tick()
    assert (house.instance().status, house.instance().runner.status) == ("draining", "draining")
    house.tick()
    assert (house.instance().status, house.instance().runner.status) == (
        "terminating",
        "terminating",
    )
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    instance = house.instance()
    assert instance.runner.status == "gone"
    assert instance.terminated_at and instance.end_cause == "idle"
    assert instance.aws_reason
    assert house.in_aws() == []


def test_nothing_is_asked_of_ec2_when_nothing_waits_and_nothing_lives(house: House):
    house.limit()
    house.aws.fault(".*", code="InternalError", times=1)
    assert house.tick() == 0
    assert len(house.aws.state()["faults"]) == 1, "a call was made"


def test_lowering_a_limit_lets_busy_machines_finish_and_then_ends_them(house: House):
    limit = house.limit(1)
    instance = house.booted()
    with writing():
        set_maximum(ADA, limit, 0, house.clock())
    house.turn()
    assert house.instance().status == "draining"
    assert len(house.in_aws("running")) == 1
    house.finish(instance.runner)
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    assert house.instance().end_cause == "surplus"


def test_stop_everything_ends_busy_machines_now_and_keeps_their_jobs_queued(house: House):
    house.limit()
    house.booted(retries=0)
    with writing():
        assert stop_everything(ADA, house.clock()) == 1
    house.tick()
    (job,) = [house.job(each) for each in house.all_jobs()]
    assert (job.status, job.runner_id) == ("submitted", None)
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    assert len(house.instances()) == 1
    assert house.job(job.id).waiting == "On-demand runners are switched off."


def test_a_waiting_job_says_why(house: House):
    house.limit(1)
    (first,) = house.submit(cpu_milli=4000)
    house.clock.advance(1)
    (second,) = house.submit(cpu_milli=4000)
    house.tick()
    house.tick()
    name = house.instance().runner.name
    assert house.job(first).waiting == f"Its machine {name}, {KEY}, has been requested."
    assert house.job(second).waiting == f"The limit of 1 × {KEY} is reached."


def test_a_job_that_comes_while_its_machine_drains_brings_it_back(house: House):
    house.limit(1)
    house.finish(house.booted().runner)
    house.clock.advance(301)
    house.tick()
    assert house.instance().status == "draining"
    (job,) = house.submit()
    house.tick()
    instance = house.instance()
    assert (instance.status, instance.runner.status) == ("running", "live")
    assert house.claim(instance.runner) == [job]


def test_a_job_without_a_limit_says_that_no_runner_is_there(house: House):
    (job,) = house.submit()
    house.tick()
    assert house.job(job).waiting == "No runner is connected yet."
