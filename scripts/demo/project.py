"""The first act: a project in a git repository, run in two steps, with a picture at its end."""

import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

from scripts.demo.api import Api

PROJECT = Path(__file__).resolve().parents[2] / "examples" / "penguins"
WORKFLOW, PICTURE = "train", "output/penguins.png"
_NOBODY = ("-c", "user.name=demo", "-c", "user.email=demo@example.org")


class Repository:
    """The sample project as a repository of its own; `url` is a path on this machine's disk."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("git") is None:
            raise SystemExit("The sample project lies in a git repository: install git first.")
        self.url = str(folder / "penguins")
        shutil.copytree(PROJECT, self.url, ignore=shutil.ignore_patterns("__pycache__"))
        self._git("init", "--quiet", "--initial-branch", "main")
        self._git("add", "--all")
        self._git(*_NOBODY, "commit", "--quiet", "--no-gpg-sign", "--message", "A sample project")
        self.hash = self._git("rev-parse", "HEAD")

    def _git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", "-C", self.url, *words], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()


def run_project(api: Api, url: str, folder: Path) -> bool:
    """Submit it, show the logs of its jobs, say where the picture is; whether all is done."""
    repository = Repository(folder)
    api.post("repos/init", repo_url=repository.url)
    commit = {"repo_url": repository.url, "repo_branch": "main", "repo_hash": repository.hash}
    run = api.post("runs/submit", workflow_name=WORKFLOW, variables={"epochs": "400"}, **commit)
    name = run["run_name"]
    print(f"    {url}/runs/{name}", flush=True)
    for job in api.jobs(name):
        print(f"\n  {job['workflow_name']}:", flush=True)
        api.follow(job["job_id"])
    jobs = api.jobs(name)
    words = ", ".join(f"{job['workflow_name']} {job['status'].upper()}" for job in jobs)
    print(f"\n    {name}: {words} on {jobs[-1]['runner_name']}", flush=True)
    done = all(job["status"] == "done" for job in jobs)
    if done:
        path = f"jobs/{jobs[-1]['job_id']}/artifacts/file?path={quote(PICTURE)}"
        print(f"    The picture that it drew: {url}/{path}", flush=True)
    return done
