"""From a commit or a directory, by the API, to a job that a real agent runs in it."""

import json
import urllib.request

import pytest

from tests.archives.packing import tar
from tests.git_scene.repository import Repository
from tests.people import bearer
from webapp.models.run import run_named

FILES = {
    ".dstack/workflows.yaml": "workflows:\n- {name: train, commands: ['cat data/in.txt']}\n",
    "data/in.txt": "from the commit\n",
}


@pytest.fixture
def call(house):
    """POST to the API as max; the answer."""
    with house.app.app_context():
        headers = bearer()

    def post(path, body):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{house.url}/api/{path}"
        request = urllib.request.Request(url, content, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    return post


def printed(house, run_name):
    with house.app.app_context():
        (job,) = run_named(run_name).jobs
    assert house.final(job.id).status == "done", house.job(job.id).reason
    return house.log(job.id).decode()


def test_a_commit_with_local_changes_is_run(house, agent, call, tmp_path):
    settings = house.app.extensions["settings"]
    house.app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})
    repository = Repository(tmp_path / "thing", FILES)
    commit = repository.hash()
    repository.write({"data/in.txt": "and my own\n"})
    about = {"repo_url": repository.url, "repo_branch": "main", "repo_hash": commit}
    call("repos/init", {"repo_url": repository.url})
    body = {**about, "repo_diff": repository.diff(), "workflow_name": "train", "variables": {}}
    log = printed(house, call("runs/submit", body)["run_name"])
    assert log.startswith(f"Fetching file://{repository.url} at {commit[:12]}\n")
    assert log.endswith("and my own\n")


def test_a_directory_is_run(house, agent, call):
    run = call("runs/upload?workflow_name=train", tar(FILES))["run_name"]
    assert printed(house, run).endswith("from the commit\n")
