"""The command line, on every Python that this machine has."""

import shutil
import socket
import stat
import sys

import pytest

from tests.agent_process import AgentProcess
from tests.runner_client.peer import GATEWAY, job, refusal
from tests.waiting import eventually


def interpreters() -> list[str]:
    """The running one first, then those of other versions that really start."""
    import subprocess

    found = {sys.version_info[1]: sys.executable}
    for minor in range(8, 16):
        path = shutil.which(f"python3.{minor}")
        if path and minor not in found:
            done = subprocess.run([path, "-c", ""], capture_output=True)
            if done.returncode == 0:
                found[minor] = path
    return list(found.values())


@pytest.mark.parametrize("python", interpreters(), ids=lambda path: path.rpartition("/")[2])
def test_it_registers_and_runs_a_job(peer, tmp_path, python):
    agent = AgentProcess(tmp_path / "agent", python=python)
    assert agent.run("--version").stdout == "dstack-runner 0.1.0\n"
    peer.jobs = [job("0123456789ab", "echo hello")]
    assert agent.config(peer.url, "a-token").start("--once").ended() == 0, agent.words()
    assert bytes(peer.logs["0123456789ab"]) == b"hello\n"
    assert peer.made("start")[0]["machine"]["python"].startswith("3.")


@pytest.fixture
def agent(tmp_path):
    return AgentProcess(tmp_path / "agent")


def test_config_keeps_the_credential_private_and_the_token_not_at_all(peer, agent):
    done = agent.run("config", "--server", peer.url, "--token", "-", stdin="my-token\n")
    assert done.returncode == 0 and "Next: dstack-runner start" in done.stdout
    written = agent.home / "runner.yaml"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert stat.S_IMODE(agent.home.stat().st_mode) == 0o700
    assert "my-token" not in written.read_text() + done.stdout + done.stderr


def test_config_passes_on_what_the_user_wishes(peer, agent):
    words = ["--name", "box", "--max-jobs", "3", "--label", "fast", "--label", "big"]
    agent.config(peer.url, "t", *words)
    body = peer.made("runners")[0]
    assert (body["name"], body["max_jobs"], body["labels"]) == ("box", 3, ["fast", "big"])


def test_config_again_replaces_and_says_so(peer, agent):
    agent.config(peer.url, "t")
    done = agent.run("config", "--server", peer.url, "--token", "t")
    assert done.returncode == 0 and "Replaced" in done.stdout


def test_config_is_refused_while_an_agent_runs(peer, configured):
    configured.start()
    eventually(lambda: peer.made("poll"))
    done = configured.run("config", "--server", peer.url, "--token", "t")
    assert done.returncode == 7 and "dstack-runner stop" in done.stderr


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (refusal(401, "unknown_credential", "This token is not known."), 3, "not take this token"),
        (refusal(403, "not_allowed", "vera is a viewer."), 3, "vera is a viewer"),
        (refusal(426, "protocol", "Too new.", speaks=[2]), 5, "another version"),
        (GATEWAY, 5, "not a server for runners"),
        (refusal(404, "", "Not here."), 5, "not a server for runners"),
        (refusal(503, "busy", "Later."), 4, "cannot be reached"),
        (refusal(400, "bad_request", "Wrong.", fields={"name": "too long"}), 2, "name: too long"),
    ],
)
def test_each_refusal_has_its_sentence_and_exit_code(peer, agent, fault, code, words):
    peer.faults["runners"] = [fault]
    done = agent.run("config", "--server", peer.url, "--token", "s3cret")
    assert done.returncode == code, done.stderr
    assert words in done.stderr and "s3cret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_not_there_is_told_from_one_that_is(agent):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        done = agent.run("config", "--server", url, "--token", "t")
    assert done.returncode == 4 and "connection refused" in done.stderr


def test_a_clock_that_is_far_off_is_told_with_how_far(peer, agent):
    peer.clock_off = 3_600_000
    done = agent.run("config", "--server", peer.url, "--token", "t")
    assert done.returncode == 6 and "behind the server" in done.stderr


def test_a_home_that_cannot_be_made_is_named(peer, agent, tmp_path):
    (tmp_path / "file").write_text("")
    home = str(tmp_path / "file" / "home")
    done = agent.run("config", "--server", peer.url, "--token", "t", DSTACK_HOME=home)
    assert done.returncode == 7 and home in done.stderr


@pytest.mark.parametrize("words", [["config"], ["config", "--server", "ftp://x", "--token", "t"]])
def test_what_is_missing_or_wrong_in_the_command_is_usage(agent, words):
    assert agent.run(*words).returncode == 2


def test_start_without_config_says_what_to_do(agent):
    done = agent.run("start")
    assert done.returncode == 2 and "dstack-runner config --token" in done.stderr


def test_status_of_a_running_agent_and_of_none(peer, configured):
    assert configured.run("status").returncode == 1
    configured.start()
    status = eventually(lambda: s if (s := configured.status()).get("last_contact") else None)
    assert (status["state"], status["runner_name"], status["jobs"]) == ("live", "peer-0", [])
    assert "peer-0 at " + peer.url in configured.run("status").stdout


def test_stop_without_an_agent_is_no_error(agent):
    assert agent.run("stop").returncode == 0
