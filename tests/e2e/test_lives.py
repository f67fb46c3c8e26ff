"""Agents that are stopped, killed, begun again and copied."""

import contextlib
import os
import shutil
import signal

from tests.agent_process import AgentProcess, gone, processes_with
from tests.waiting import eventually
from webapp.extensions import db
from webapp.models.runner import Runner


def runners(house) -> dict[str, str]:
    """name -> status of all runners."""
    with house.app.app_context():
        found = {row.name: row.status for row in db.session.query(Runner)}
        db.session.remove()
    return found


def test_a_first_signal_finishes_the_job_and_says_goodbye(house, new_agent, tmp_path):
    agent, gate = new_agent().start(), tmp_path / "gate"
    job = house.submit(f"echo up; while [ ! -e {gate} ]; do sleep 0.05; done; echo end")
    house.running(job, b"up")
    agent.signal(signal.SIGTERM)
    eventually(lambda: agent.status()["state"] == "draining")
    second = house.submit("echo never")
    gate.touch()
    assert agent.ended() == 0
    assert house.job(job).status == "done"
    assert house.log(job) == b"up\nend\n"
    assert house.job(second).status == "submitted"
    assert list(runners(house).values()) == ["offline"]


def test_a_second_signal_hands_the_job_back_without_spending_a_retry(house, new_agent):
    agent = new_agent().start()
    job = house.submit("echo up; sleep 4444.5")
    house.running(job, b"up")
    agent.signal(signal.SIGINT)
    eventually(lambda: agent.status()["state"] == "draining")
    agent.signal(signal.SIGINT)
    assert agent.ended() == 0
    assert (house.job(job).status, house.job(job).attempt) == ("submitted", 1)
    assert house.attempts(job)[0].outcome == "returned"
    gone("4444.5")


def test_stop_now_does_the_same_from_another_terminal(house, new_agent):
    agent = new_agent().start()
    job = house.submit("echo up; sleep 4545.5")
    house.running(job, b"up")
    done = agent.run("stop", "--now")
    assert (done.returncode, done.stdout) == (0, "Stopped.\n")
    assert agent.ended() == 0
    assert house.job(job).status == "submitted"


def test_once_runs_one_job_and_ends(house, new_agent):
    first, second = house.submit("echo one"), house.submit("echo two")
    agent = new_agent().start("--once")
    assert agent.ended() == 0
    assert sorted([house.job(first).status, house.job(second).status]) == ["done", "submitted"]


def test_nothing_survives_the_next_start_of_an_agent_that_was_killed(house, new_agent):
    agent = new_agent().start()
    job = house.submit(
        "setsid sleep 4646.5 & env -i setsid sleep 4647.5 & echo up; sleep 4648.5", retries=1
    )
    house.running(job, b"up")
    agent.signal(signal.SIGKILL)
    agent.ended()
    assert processes_with("4646.5") and processes_with("4647.5") and processes_with("4648.5")
    agent.start()
    for number in ("4646.5", "4647.5", "4648.5"):
        eventually(lambda n=number: _old_ones_gone(n, house, job), what=number)
    eventually(lambda: house.job(job).attempt == 2)
    assert house.attempts(job)[0].outcome == "lost"
    house.stop(job, abort=True)
    house.final(job)


def _old_ones_gone(number, house, job) -> bool:
    """The second attempt runs the same commands: only one process of each may be there."""
    for pid in processes_with(number):
        with contextlib.suppress(FileNotFoundError):  # it has ended since
            if f"{job}-1" in os.readlink(f"/proc/{pid}/cwd"):
                return False
    return True


def test_a_lost_job_without_retries_failed_with_that_reason(house, new_agent):
    agent = new_agent().start()
    job = house.submit("echo up; sleep 4747.5")
    house.running(job, b"up")
    agent.signal(signal.SIGKILL)
    agent.ended()
    row = house.final(job)
    assert row.status == "failed" and row.reason
    agent.start()
    gone("4747.5")


def test_a_copied_home_becomes_a_runner_of_its_own(house, new_agent, tmp_path):
    original = new_agent().start()
    eventually(original.is_live)
    copy = AgentProcess(tmp_path / "copy")
    shutil.copytree(original.home, copy.home)
    copy.start()
    try:
        eventually(lambda: list(runners(house).values()).count("live") == 2, 30)
        jobs = [house.submit("sleep 0.2; echo ok") for _ in range(4)]
        assert {house.final(job).status for job in jobs} == {"done"}
    finally:
        copy.close()


def test_a_second_agent_in_one_home_is_refused(house, agent):
    eventually(agent.is_live)
    done = agent.run("start")
    assert done.returncode == 2
    assert "runs already" in done.stderr
