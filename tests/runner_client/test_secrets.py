"""Fetching the secrets of a job, and where they go from there."""

import threading

import pytest

from runner_client import ending, report
from runner_client.caller import Caller
from runner_client.config_file import Config
from runner_client.contact import Contact
from runner_client.session import Session, Terms
from tests.runner_client.artifact_bench import bench_for
from tests.runner_client.artifact_peer import ArtifactPeer
from tests.runner_client.peer import job, refusal
from tests.runner_client.test_execution import Bench
from tests.waiting import eventually

NAME = "0123456789ab"
KEY, TEXT = "s3cr3t-0f-h3r", "line one is long\nline two is longer\n\\n stays"


@pytest.fixture
def bench(peer, tmp_path):
    """Runs jobs here; their own calls go to the peer."""
    bench = Bench(tmp_path / "jobs")
    session = Session(Config(peer.url, "r", "r", "credential"), "a-session", Terms())
    contact = Contact(peer.url)
    bench.place = bench.place._replace(open_caller=lambda: Caller(session, contact))
    yield bench
    session.end(Session.STOPPED)


def test_they_are_in_the_environment_over_everything_else(bench, peer):
    peer.secrets = {"KEY": KEY, "TEXT": TEXT}
    wanted = TEXT.replace("\n", "|")
    became, printed = bench.run(
        f"""[ "$KEY" = '{KEY}' ] && [ "$(printf '%s' "$TEXT" | tr '\\n' '|')" = '{wanted}' ] """
        "&& echo right $MINE",
        environment={"KEY": "a variable", "MINE": "mine"},
        needs=["secrets"],
    )
    assert (became.exit_code, printed) == (0, b"right mine\n")
    assert peer.made(f"jobs/{NAME}/secrets") == [{"attempt": 1}]


def test_what_it_prints_of_them_is_hidden_and_counted_as_hidden(bench, peer):
    peer.secrets = {"KEY": KEY}
    item = bench.job('echo "$KEY"; printf %s "$KEY" | base64; printf "$KEY"', needs=["secrets"])
    assert bench.run_job(item).exit_code == 0
    assert item.spool.read(0, 1000) == b"***\n***\n***"
    assert item.spool.total == 11


def test_a_secret_that_comes_in_pieces_is_hidden(bench, peer):
    peer.secrets = {"KEY": KEY}
    _, printed = bench.run(
        "printf 'it is s3cr'; sleep 0.5; printf '3t-0f'; sleep 0.3; echo -h3r", needs=["secrets"]
    )
    assert printed == b"it is ***\n"


def test_a_prompt_is_shown_though_a_secret_begins_as_it_ends(bench, peer):
    peer.secrets = {"KEY": KEY}
    item = bench.job("printf 'Really? s'; sleep 600", needs=["secrets"])
    thread = threading.Thread(target=bench.run_job, args=(item,))
    thread.start()
    eventually(lambda: item.spool.read(0, 100) == b"Really? s", seconds=5)
    item.control.ask(ending.aborted(0))
    thread.join(10)


def test_what_looks_like_the_beginning_of_one_is_shown_at_the_end(bench, peer):
    peer.secrets = {"KEY": KEY}
    assert bench.run("printf s3cr3t", needs=["secrets"])[1] == b"s3cr3t"


def test_nothing_of_them_is_in_the_jobs_folder(bench, peer, tmp_path):
    peer.secrets = {"KEY": KEY}
    bench.run('echo "$KEY"; env', needs=["secrets"])
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "spool" for path in kept)
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "nonsense", [None, [], "x", {"KEY": 7}, {"A B": KEY}, {"KEY": "zero\0"}, {"A\n": KEY}]
)
def test_secrets_that_cannot_be_understood_fail_the_job(bench, peer, nonsense):
    peer.secrets = nonsense
    became, printed = bench.run("echo never", needs=["secrets"])
    assert (became.outcome, printed) == ("failed", b"")
    assert became.reason == "The server sent secrets that cannot be understood."


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal(409, "old_attempt"), "dropped"),
        (refusal(404, "not_found", "There is nothing at this address."), "failed"),
    ],
)
def test_a_refusal_ends_the_job_before_it_begins(bench, peer, answer, outcome):
    peer.faults[f"jobs/{NAME}/secrets"] = [answer]
    became, printed = bench.run("echo never", needs=["secrets"])
    assert (became.outcome, printed) == (outcome, b"")


def test_a_server_that_is_away_for_a_moment_is_waited_for(bench, peer):
    peer.secrets = {"KEY": KEY}
    peer.faults[f"jobs/{NAME}/secrets"] = ["hang up", "hang up"]
    assert bench.run('echo "[$KEY]"', needs=["secrets"])[1] == b"[***]\n"


def test_the_reason_is_hidden_too_and_so_is_the_agents_own_log(peer, configured):
    peer.secrets = {"KEY": "dir/s3cr3t"}
    item = job(NAME, 'echo "$KEY"', needs=["secrets"], working_dir="/dir/s3cr3t")
    peer.jobs = [item]
    agent = configured.start("--log-level", "debug")
    report = eventually(lambda: peer.finished(NAME))[0]
    assert report["outcome"] == "failed" and report["reason"].endswith("not /***.")
    assert "dir/s3cr3t" not in agent.words()


def test_what_is_said_of_artifacts_is_hidden_too(tmp_path):
    peer = ArtifactPeer()
    given = {"secrets": {"KEY": "no-s3cr3t-folder"}}
    peer.fault = lambda path, body: given if path.endswith("/secrets") else None
    bench = bench_for(tmp_path, peer)
    item = bench.job(
        "true", needs=["secrets"], artifacts=["no-s3cr3t-folder", "../no-s3cr3t-folder"]
    )
    assert bench.run_job(item).outcome == "failed"
    assert peer.done[0]["trouble"] == ("../*** leads out of the job's folder; there is no ***.")
    assert b"s3cr3t" not in item.spool.read(0, 1000)


def test_where_a_job_runs_is_told_without_them(bench):
    item = bench.job("true", image="registry.example.org/s3cr3t-name:1")
    item.give_secrets({"KEY": "s3cr3t-name"})
    item.runs_in = "image " + item.spec.image
    assert report.started(item).body["runs_in"] == "image registry.example.org/***:1"
