import subprocess

from runner_client import leftovers, proc
from tests.agent_process import gone, processes_with
from tests.waiting import eventually


def process(folder, *command, **variables):
    """A process that an earlier agent could have left there."""
    return subprocess.Popen(command, cwd="/", env=variables, start_new_session=True)


def folder(jobs, name="0123456789ab-1"):
    (jobs / name / "work").mkdir(parents=True)
    return jobs / name


def test_it_kills_by_the_mark_and_removes_the_folder(tmp_path):
    left = folder(tmp_path)
    daemon = process(left, "/bin/sleep", "5151.5", DSTACK_JOB_FOLDER=str(left))
    leftovers.clear(tmp_path, None, "r")
    assert daemon.wait(10) == -9
    assert list(tmp_path.iterdir()) == []


def test_it_kills_a_recorded_group_that_carries_no_mark(tmp_path):
    left = folder(tmp_path)
    bare = process(left, "/bin/sleep", "5252.5")
    leftovers.record(left / "process", bare.pid)
    leftovers.clear(tmp_path, None, "r")
    assert bare.wait(10) == -9


def test_it_spares_a_process_that_only_got_an_old_number(tmp_path):
    left = folder(tmp_path)
    stranger = process(left, "/bin/sleep", "5353.5")
    (left / "process").write_text(f"{stranger.pid} 1 {proc.boot_id()}\n")
    leftovers.clear(tmp_path, None, "r")
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait(10)


def test_it_kills_what_only_works_in_the_folder(tmp_path):
    left = folder(tmp_path)
    daemon = subprocess.Popen(["/bin/sleep", "5454.5"], cwd=left / "work", env={})
    leftovers.clear(tmp_path, None, "r")
    assert daemon.wait(10) == -9


def test_another_agents_jobs_are_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    theirs = folder(tmp_path / "theirs")
    other = process(theirs, "/bin/sleep", "5555.5", DSTACK_JOB_FOLDER=str(theirs))
    leftovers.clear(tmp_path / "mine", None, "r")
    eventually(lambda: processes_with("5555.5"))
    assert other.poll() is None
    other.kill()
    other.wait(10)
    gone("5555.5")


def test_a_folder_that_was_closed_to_its_owner_goes_too(tmp_path):
    left = folder(tmp_path)
    (left / "work" / "deep").mkdir()
    (left / "work" / "deep" / "file").write_text("x")
    (left / "work" / "deep").chmod(0o000)
    leftovers.clear(tmp_path, None, "r")
    assert not left.exists()
