"""The published client of the original system drives this server, unmodified.

Where there is no Python 3.9, on which alone it runs, its calls are made by hand
(tests/published_client/by_hand.py), and that is said.
"""

import re
from pathlib import Path

import pytest

from tests.agent_process import AgentProcess
from tests.agents.machine import AgentPeer
from tests.git_scene.repository import Repository, git
from tests.published_client.client import Client
from tests.waiting import eventually

SETTINGS = {"ALLOW_LOCAL_REPOS": "1"}
FILES = {
    ".dstack/workflows.yaml": """
workflows:
  - name: prepare
    provider: bash
    commands: [mkdir data, echo 1 > data/a.txt]
    artifacts: [data]
  - name: train
    provider: bash
    depends-on: [prepare]
    commands: ["cat data/a.txt; echo ${{ epochs }}; ls"]
    artifacts: [output]
  - name: long
    provider: bash
    commands: [sleep 600]
""",
    ".dstack/variables.yaml": "variables: {global: {seed: 1}, train: {epochs: 3}}\n",
    "hello.py": "import sys; print(sys.argv)\n",
}
_NAME = re.compile(r"[a-z]+-[a-z]+-\d+")
_JOB = re.compile(r"\b[0-9a-f]{12}\b")


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    """A clone of a repository with workflows in it."""
    folder = tmp_path_factory.mktemp("client")
    Repository(folder / "origin", FILES)
    git(folder, "clone", "--quiet", str(folder / "origin"), "work")
    return folder / "work"


@pytest.fixture(scope="module")
def client(scene, work):
    """Makes configured clients of a version; ends them."""
    made = {}

    def get(version):
        if version not in made:
            made[version] = Client(version, work, work.parent / version)
            words = ("--token", scene.server.token, "--server", f"{scene.server.url}/api")
            assert made[version]("config", *words).code == 0
        return made[version]

    yield get
    for each in made.values():
        each.close()


@pytest.fixture(scope="module")
def dstack(client):
    return client("0.0.4rc7")


@pytest.fixture(scope="module")
def later(client):
    """The version that makes the calls of the later ones."""
    return client("0.0.4.2")


@pytest.fixture(scope="module")
def agent(scene, tmp_path_factory):
    agent = AgentProcess(tmp_path_factory.mktemp("agent"))
    yield agent.config(scene.server.url, scene.server.token, "--name", "here").start()
    agent.close()


def test_the_keys_of_aws(dstack, scene):
    keys = [scene.aws.ready[name] for name in ("access_key_id", "secret_access_key")]
    given = ("--aws-access-key-id", keys[0], "--aws-secret-access-key", keys[1])
    about = ("--aws-region", "eu-west-1", "--artifacts-s3-bucket")
    assert "OK" in dstack("aws", "config", *given, *about, "-f").text
    shown = dstack("aws", "info").text
    assert f"{keys[0][:4]}****" in shown and "eu-west-1" in shown
    assert keys[0] not in shown and keys[1] not in shown


def test_limits(dstack):
    small = ("-i", "m5.large", "--spot")
    assert "OK" in dstack("on-demand", "limit", *small, "-m", "2").text
    assert "eu-west-1" in dstack("on-demand", "limits").text
    strange = dstack("on-demand", "limit", "-r", "mars-1", *small, "-m", "2")
    assert (strange.code, strange.text.strip()) == (1, "Region is not supported")
    strange = dstack("on-demand", "limit", "-i", "m5.huge", "--spot", "-m", "2")
    assert strange.text.strip() == "Instance type is not supported"
    assert "OK" in dstack("on-demand", "limit", *small, "--delete", "-f").text
    assert "Limit doesn't exist" in dstack("on-demand", "limit", *small, "--delete", "-f").text
    assert "OK" in dstack("on-demand", "limit", *small, "-m", "2").text
    assert "OK" in dstack("on-demand", "limits", "--delete-all", "-f").text
    assert "m5.large" not in dstack("on-demand", "limits").text


def test_the_switch(dstack):
    assert "OK" in dstack("on-demand", "disable", "-f").text
    assert "Enabled: No" in dstack("on-demand", "status").text
    assert "OK" in dstack("on-demand", "enable").text
    assert "Enabled: Yes" in dstack("on-demand", "status").text


def test_keys_are_cleared(dstack):
    assert "OK" in dstack("aws", "clear", "-f").text
    assert "None" in dstack("aws", "info").text
    said = dstack("on-demand", "limit", "-i", "m5.large", "--spot", "-m", "2")
    assert "Call 'dstack aws config' first" in said.text


def test_runners_also_one_with_two_gpus_of_a_name(dstack, later, scene):
    with scene.app.app_context():
        gpus = [{"name": "V100", "memory_mib": 16384}] * 2
        AgentPeer(scene.app).register(name="gpu-box").start(gpus=gpus)
    for each in (dstack, later):
        shown = each("runners")
        assert shown.code == 0, shown.text
        assert "gpu-box" in shown.text and "V100 #2" in shown.text


def test_a_repository_that_is_not_initialised(dstack):
    assert "Call 'dstack init' first" in dstack("run", "long").text


def submitted(said):
    """The name of the newest run in a table."""
    assert said.code == 0, said.text
    return _NAME.findall(said.text)[-1]


def awaited(dstack, name, status):
    """The table, once the run has this status."""

    def table():
        shown = dstack("status", name).text
        return status in shown and shown

    return eventually(table, 30, f"{name} {status}")


def test_a_run_to_its_end(dstack, agent):
    assert "OK" in dstack("init").text
    name = submitted(dstack("run", "train", "--epochs", "5"))
    shown = awaited(dstack, name, "DONE")
    assert "--epochs 5" in shown and len(_JOB.findall(shown)) == 2
    assert "OK" in dstack("tag", name, "-n", "best").text
    assert "best" in dstack("status", name).text


def test_local_changes_are_sent_along(dstack, agent, work):
    program = work / "hello.py"
    program.write_text("changed\n")
    name = submitted(dstack("run", "train"))
    program.write_text(FILES["hello.py"])
    assert awaited(dstack, name, "DONE")


def test_stopped_and_resumed_as_a_run_and_as_a_job(dstack, agent):
    name = submitted(dstack("run", "long"))
    job = _JOB.findall(awaited(dstack, name, "RUNNING"))[0]
    assert "is not stopped" in dstack("resume", name).text
    assert "OK" in dstack("stop", name).text
    awaited(dstack, name, "STOPPED")
    assert "OK" in dstack("resume", job).text
    awaited(dstack, name, "RUNNING")
    assert dstack("stop", job, "--abort").code == 0
    awaited(dstack, name, "ABORTED")
    for verb in ("stop", "resume"):
        assert "No run or job 'no-such-1' is found" in dstack(verb, "no-such-1").text


def test_tagged_and_pruned(dstack):
    kept, other = "best", submitted(dstack("status", "-n", "5"))
    assert "Tag already exists" in dstack("tag", other, "-n", kept).text
    assert "OK" in dstack("tag", other).text
    assert "OK" in dstack("untag", other, "-f").text
    assert "OK" in dstack("prune", "-f").text
    shown = dstack("status", "-n", "5").text
    assert other not in shown and kept in shown


def test_the_later_client_runs_workflows_and_providers(later, dstack, agent):
    assert "OK" in later("init").text
    name = submitted(later("run", "train", "--epochs", "6"))
    assert "--epochs 6" in awaited(dstack, name, "DONE")
    shown = later("runs").text
    assert name in shown and "output" in shown and "prepare" in shown
    alone = submitted(later("run", "python", "hello.py", "a"))
    assert awaited(dstack, alone, "DONE")
    assert "python" in later("runs").text


def test_the_later_client_restarts_and_stops(later, dstack, agent):
    name = submitted(later("run", "long"))
    awaited(dstack, name, "RUNNING")
    assert "OK" in later("stop", name).text
    awaited(dstack, name, "STOPPED")
    assert "OK" in later("restart", name, "--clear").text
    awaited(dstack, name, "RUNNING")
    assert "OK" in later("stop", name, "--abort").text
    awaited(dstack, name, "ABORTED")


@pytest.mark.parametrize("version", ["0.0.4rc7", "0.0.4.2"])
def test_a_program_adds_jobs_to_its_run(client, dstack, scene, agent, version, tmp_path):
    name = submitted(dstack("run", "long"))
    job = _JOB.findall(awaited(dstack, name, "RUNNING"))[0]
    workflow = {"user_name": "ada", "run_name": name, "workflow_name": "long", "repo_diff": ""}
    workflow |= {"repo_url": "a", "repo_branch": "main", "repo_hash": "b", "variables": {}}
    client(version).program(tmp_path, workflow, scene.server.url, scene.server.token)
    added = eventually(lambda: _JOB.findall(awaited(dstack, name, "DONE"))[1:], 30, "its job")
    assert len(added) == 1 and added != [job]
    assert dstack("stop", name, "--abort").code == 0
    awaited(dstack, name, "ABORTED")
