"""The real agent on machines of practice AWS: the usual end, and two unusual ones."""

import pytest

from tests.e2e.on_demand.scene import Scene
from tests.waiting import eventually

REGION = "eu-west-1"
NOTICE = 20  # real seconds; EC2 gives two minutes, and the agent asks every five seconds


def statuses(scene: Scene) -> set[str]:
    """What the Runners page would show."""
    runners = scene.api.get("runners/query?all=1")["runners"]
    return {each["status_name"] for each in runners}


def test_a_machine_is_requested_lives_runs_the_job_to_its_last_byte_and_is_gone(scene: Scene):
    scene.limit(REGION, 4)
    job = scene.submit("echo begun", "seq 1 50000", "printf 'no line end'")
    eventually(lambda: statuses(scene) == {"requested"}, what="requested")
    eventually(lambda: "live" in statuses(scene), 60, "live")
    assert scene.final(job).status == "done"
    lines = b"".join(b"%d\n" % number for number in range(1, 50001))
    assert scene.log(job) == b"begun\n" + lines + b"no line end"
    scene.gone(REGION)
    assert statuses(scene) == set()
    assert [row.end_cause for row in scene.instances(REGION)] == ["idle"]


@pytest.fixture(scope="module")
def taken(scene: Scene) -> dict[str, tuple[str, str]]:
    """Two busy machines, of which EC2 announces the end of one, and does not of the other; what
    happened -> (job, machine). Their jobs may end from the second attempt on."""
    jobs = {name: scene.submit_gated(name, retries=1) for name in ("interrupted", "died")}
    scene.running(*jobs.values())
    found = {name: (job, scene.ec2_id_of(job)) for name, job in jobs.items()}
    scene.aws.interrupt(found["interrupted"][1], real_seconds=NOTICE)
    scene.aws.befall(found["died"][1], "kill")
    for job in jobs.values():
        eventually(lambda j=job: scene.job(j).attempt == 2, 60, "a second attempt")
    scene.open(*jobs)
    return found


def test_after_a_notice_the_job_finishes_elsewhere_and_spends_no_retry(scene: Scene, taken):
    job, machine = taken["interrupted"]
    row = scene.final(job)
    assert (row.status, row.retries_left) == ("done", 1)
    assert scene.attempts(job) == [(1, "returned"), (2, "exited")]
    assert scene.log(job, 2) == b"begun\nended\n"
    assert scene.machine_of(job).ec2_id != machine


def test_after_a_sudden_death_the_job_is_tried_again(scene: Scene, taken):
    """Who notices first decides: the lease, which costs a retry, or EC2's listing, which says that
    it took the machine back, and then the job is not to blame."""
    job, machine = taken["died"]
    row, attempts = scene.final(job), scene.attempts(job)
    assert row.status == "done"
    assert attempts[1:] == [(2, "exited")]
    assert (attempts[0], row.retries_left) in [((1, "lost"), 0), ((1, "returned"), 1)]
    assert scene.machine_of(job).ec2_id != machine


def test_in_the_end_all_machines_are_gone_and_each_end_has_its_reason(scene: Scene, taken):
    scene.gone(REGION)
    assert scene.most_ever(REGION) <= 4
    rows = {row.ec2_id: row for row in scene.instances(REGION)}
    causes = [rows[taken[name][1]].end_cause for name in ("interrupted", "died")]
    assert causes == ["interruption", "ec2"]
    assert all(row.aws_reason for row in rows.values())
