"""Jobs of a live server, run by a real agent on this machine."""

import signal
import time

from tests.agent_process import gone
from tests.waiting import eventually


def test_a_job_is_done_and_its_output_kept_without_a_final_newline(house, agent):
    job = house.submit("printf hello; printf ' world' >&2")
    assert house.final(job).status == "done"
    assert house.log(job) == b"hello world"


def test_the_exit_code_of_a_failed_job_is_kept(house, agent):
    job = house.final(house.submit("exit 137"))
    assert (job.status, job.exit_code) == ("failed", 137)
    assert house.attempts(job.id)[0].signal is None


def test_a_signal_from_outside_is_told_apart_from_an_exit_code(house, agent):
    job = house.final(house.submit("kill -9 $$"))
    assert job.status == "failed"
    assert house.attempts(job.id)[0].signal == signal.SIGKILL


def test_twenty_megabytes_of_output_arrive_byte_for_byte(house, agent):
    job = house.submit("seq 1 2700000")
    assert house.final(job).status == "done"
    printed = house.log(job)
    assert len(printed) > 20_000_000
    assert printed == b"".join(b"%d\n" % number for number in range(1, 2_700_001))


def test_a_child_that_outlives_its_parent_is_heard_to_its_end(house, agent):
    job = house.submit("(sleep 1; echo from the child) & echo from the parent")
    assert house.final(job).status == "done"
    assert house.log(job) == b"from the parent\nfrom the child\n"


def test_a_silent_daemon_does_not_survive_its_job(house, agent):
    job = house.submit("setsid sleep 4242.5 >/dev/null 2>&1 & echo started")
    assert house.final(job).status == "done"
    gone("4242.5")


def test_the_working_folder_is_removed_afterwards(house, agent):
    house.final(house.submit("mkdir -p deep/er; chmod 500 deep; touch a"))
    eventually(lambda: agent.jobs_left() == [])


def test_a_job_sees_its_own_variables_and_none_of_the_agents(house, new_agent):
    new_agent(SECRET_OF_THE_AGENT="xyz").start()
    job = house.submit("env", environment={"MINE": "two\nlines"}, working_dir="src")
    assert house.final(job).status == "done"
    printed = house.log(job).decode()
    assert "MINE=two\nlines" in printed
    assert f"JOB_ID={job}" in printed and "HOSTNAME=" in printed and "TMPDIR=" in printed
    assert "SECRET_OF_THE_AGENT" not in printed and "DSTACK_TOKEN" not in printed
    assert "/work/src" in printed


def test_a_stopped_job_gets_sigterm_and_may_say_goodbye(house, agent):
    commands = "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done"
    job = house.submit(commands)
    house.running(job, b"up")
    house.stop(job)
    assert house.final(job).status == "stopped"
    # Between them dash says "Terminated" of the sleep that got the signal too.
    assert house.log(job).startswith(b"up\n") and house.log(job).endswith(b"bye\n")


def test_an_aborted_job_is_killed_at_once(house, agent):
    job = house.submit("trap '' TERM; echo up; sleep 4343.5; echo never")
    house.running(job, b"up")
    house.stop(job, abort=True)
    assert house.final(job, seconds=5).status == "aborted"
    gone("4343.5")


def test_a_job_that_ran_too_long_failed_with_that_reason(house, agent):
    job = house.final(house.submit("echo up; sleep 600", timeout_s=1))
    assert job.status == "failed"
    assert "timeout" in job.reason


def test_an_image_without_a_container_engine_is_refused_by_name(house, new_agent, tmp_path):
    (tmp_path / "bin").mkdir()
    new_agent(PATH=str(tmp_path / "bin")).start()
    job = house.submit("true", image="debian:12")
    eventually(lambda: house.job(job).waiting)
    assert house.job(job).status == "submitted"


def test_a_printed_line_is_on_the_server_within_half_a_second(house, agent):
    job = house.submit("echo up; read line < /dev/null; sleep 1; date +%s%N; sleep 600")
    house.running(job, b"up\n")
    eventually(lambda: house.log(job).count(b"\n") == 2)
    seen = time.time()
    printed = int(house.log(job).split()[1]) / 1e9
    assert seen - printed < 0.5
    house.stop(job, abort=True)


def test_many_short_jobs_are_all_done_once(house, agent):
    jobs = [house.submit(f"echo {number}", cpu_milli=10) for number in range(60)]
    assert {house.final(job).status for job in jobs} == {"done"}
    assert [house.log(job) for job in jobs] == [b"%d\n" % number for number in range(60)]
    assert {len(house.attempts(job)) for job in jobs} == {1}
