"""The calls of the published client without it: what each command sends, read from its source, and
the words that its answers lead to."""

import json
import urllib.error
import urllib.parse
import urllib.request
from argparse import ArgumentParser, Namespace
from pathlib import Path

from tests.git_scene.repository import git

OK = (0, "OK")
_SENTENCES = {
    "aws is not configured": "Call 'dstack aws config' first",
    "region not found": "Region is not supported",
    "instance type not found": "Instance type is not supported",
    "limit not found": "Limit doesn't exist",
    "repo not found": "Call 'dstack init' first",
    "run is not stopped": "is not stopped",
    "job is not stopped": "job is not stopped",
}


class ByHand:
    """Knows the commands that the tests type, no others."""

    def __init__(self, version: str, folder: Path) -> None:
        self.later, self.folder = version == "0.0.4.2", folder
        self.url = self.token = ""

    def __call__(self, *words: str) -> tuple[int, str]:
        two = words[0] in ("aws", "on-demand")
        name, rest = "_".join(words[: 1 + two]).replace("-", "_"), words[1 + two :]
        return getattr(self, name)(_parsed(rest))

    def config(self, given: Namespace) -> tuple[int, str]:
        self.url, self.token = given.server, given.token
        return 0, ""

    def aws_info(self, _: Namespace) -> tuple[int, str]:
        return 0, "\n".join(str(each) for each in self._post("users/aws/info")[1].values())

    def aws_config(self, given: Namespace) -> tuple[int, str]:
        assert {"user_name", "default_configuration"} <= self._post("users/info")[1].keys()
        keys = {"aws_access_key_id": given.aws_access_key_id}
        keys |= {"aws_secret_access_key": given.aws_secret_access_key}
        about = {"aws_region": given.aws_region, "artifacts_s3_bucket": ""}
        return self._told("users/aws/config", {**keys, **about})

    def aws_clear(self, _: Namespace) -> tuple[int, str]:
        return self._told("users/aws/clear")

    def on_demand_enable(self, _: Namespace) -> tuple[int, str]:
        return self._told("on-demand/settings/update", {"enabled": True})

    def on_demand_disable(self, _: Namespace) -> tuple[int, str]:
        return self._told("on-demand/settings/update", {"enabled": False})

    def on_demand_status(self, _: Namespace) -> tuple[int, str]:
        return 0, f"Enabled: {'Yes' if self._post('on-demand/settings')[1]['enabled'] else 'No'}"

    def on_demand_limit(self, given: Namespace) -> tuple[int, str]:
        purchase = "spot" if given.spot else "on-demand"
        wish = {"region_name": given.r, "instance_type": given.i, "purchase_type": purchase}
        if given.delete:
            return self._told("on-demand/limits/delete", wish)
        return self._told("on-demand/limits/set", {**wish, "maximum": given.m})

    def on_demand_limits(self, given: Namespace) -> tuple[int, str]:
        if given.delete_all:
            return self._told("on-demand/limits/clear")
        limits = self._get("on-demand/limits/query")["limits"]
        return 0, "\n".join(f"{x['region_name']} {x['instance_type']}" for x in limits)

    def runners(self, _: Namespace) -> tuple[int, str]:
        rows = self._get("runners/query", repo_url=self._repo()[0])["runners"]
        gpus = [gpu["name"] for row in rows for gpu in row["resources"]["gpus"]]
        return 0, "\n".join([*(row["runner_name"] for row in rows), *gpus])

    def init(self, _: Namespace) -> tuple[int, str]:
        return self._told("repos/init", {"repo_url": self._repo()[0]})

    def run(self, given: Namespace) -> tuple[int, str]:
        url, head = self._repo()
        place = {"repo_url": url, "repo_branch": "main", "repo_hash": head}
        body = {"workflow_name": given.words[0], **place, "variables": {}}
        if given.epochs:
            body["variables"] = {"epochs": given.epochs}
        if self.later:
            nulls = dict.fromkeys(("provider_repo", "provider_branch"))
            body |= {"provider_name": "bash", "provider_args": [], **nulls}
        if given.words[0] == "python":
            body |= {"workflow_name": None, "provider_name": "python"}
            body |= {"provider_args": list(given.words[1:])}
        diff = git(self.folder, "diff", "HEAD")
        status, answer = self._post("runs/submit", body | ({"repo_diff": diff} if diff else {}))
        if status != 200:
            return self._refused(status, answer)
        return self.runs(given) if self.later else self.status(_parsed([answer["run_name"]]))

    def status(self, given: Namespace) -> tuple[int, str]:
        words = {"run_name": given.words[0]} if given.words else {}
        runs = self._get("runs/query", repo_url=self._repo()[0], n=given.n or 1, **words)["runs"]
        newest_last = sorted(runs, key=lambda run: run["updated_at"])
        return 0, "\n".join(self._line(run) for run in newest_last)

    def runs(self, _: Namespace) -> tuple[int, str]:
        rows = self._get("runs/workflows/query", repo_url=self._repo()[0], n=10)["runs"]
        return 0, "\n".join(
            f"{row['run_name']} {row['workflow_name']} {row['provider_name']} "
            f"{row['status'].upper()} {row['artifact_paths']} {row['tag_name']}"
            for row in reversed(rows)
        )

    def stop(self, given: Namespace) -> tuple[int, str]:
        return self._job_or_run("stop", given, {"abort": True} if given.abort else {})

    def resume(self, given: Namespace) -> tuple[int, str]:
        return self._job_or_run("resume", given, {})

    def restart(self, given: Namespace) -> tuple[int, str]:
        return self._told("runs/restart", {"run_name": given.words[0], "clear": given.clear})

    def tag(self, given: Namespace) -> tuple[int, str]:
        name = {"tag_name": given.n} if given.n else {}
        status, _ = self._post("runs/tag", {"run_name": given.words[0], **name})
        return OK if status == 200 else (1, {400: "Tag already exists", 404: "No run"}[status])

    def untag(self, given: Namespace) -> tuple[int, str]:
        return self._told("runs/untag", {"run_name": given.words[0]})

    def prune(self, _: Namespace) -> tuple[int, str]:
        return self._told("runs/prune", {"repo_url": self._repo()[0]})

    def add_job(self, workflow: dict) -> None:
        names = "previous_job_ids resources image_name working_dir".split()
        job = {**dict.fromkeys(names), "commands": ["echo added"], "artifacts": ["out"]}
        ports = ["80"] if self.later else {"80": None}
        if self.later:
            job |= dict.fromkeys(("port_count", "environment", "master_job_id", "apps"))
        status, answer = self._post("jobs/submit", {**workflow, **job, "ports": ports})
        assert status == 200 and answer["job_id"], answer

    def _job_or_run(self, verb: str, given: Namespace, more: dict) -> tuple[int, str]:
        name = given.words[0]
        status, answer = self._post(f"jobs/{verb}", {"job_id": name, **more})
        if status == 404:
            status, answer = self._post(f"runs/{verb}", {"run_name": name, **more})
        if status == 404:
            return 1, f"No run or job '{name}' is found"
        return OK if status == 200 else self._refused(status, answer)

    def _line(self, run: dict) -> str:
        jobs = self._get("jobs/query", repo_url=run["repo_url"], run_name=run["run_name"])["jobs"]
        variables = " ".join(f"--{name} {value}" for name, value in run["variables"].items())
        lines = [f"{job['job_id']} {job['status'].upper()}" for job in jobs]
        return f"{run['run_name']} {run['tag_name']} {variables} {run['status'].upper()} {lines}"

    def _repo(self) -> tuple[str, str]:
        url = git(self.folder, "remote", "get-url", "origin").strip()
        return url, git(self.folder, "rev-parse", "HEAD").strip()

    def _told(self, path: str, body: dict | None = None) -> tuple[int, str]:
        status, answer = self._post(path, body)
        return OK if status == 200 else self._refused(status, answer)

    def _refused(self, status: int, answer: dict) -> tuple[int, str]:
        return 1, _SENTENCES.get(answer["message"], f"{status} {answer['message']}")

    def _get(self, path: str, **words: object) -> dict:
        status, answer = self._open("GET", f"{path}?{urllib.parse.urlencode(words)}", None)
        assert status == 200, answer
        return answer

    def _post(self, path: str, body: dict | None = None) -> tuple[int, dict]:
        return self._open("POST", path, None if body is None else json.dumps(body).encode())

    def _open(self, method: str, path: str, body: bytes | None) -> tuple[int, dict]:
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.url}/{path}"
        request = urllib.request.Request(address, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())


def _parsed(words) -> Namespace:
    parser = ArgumentParser(add_help=False)
    parser.add_argument("words", nargs="*")
    for name in ("--token", "--server", "-i", "-r", "-m", "-n", "--epochs"):
        parser.add_argument(name)
    for name in ("--aws-access-key-id", "--aws-secret-access-key", "--aws-region"):
        parser.add_argument(name)
    parser.add_argument("--artifacts-s3-bucket", nargs="?")
    for name in ("--spot", "--delete", "--delete-all", "-f", "--abort", "--clear", "--no-jobs"):
        parser.add_argument(name, action="store_true")
    return parser.parse_intermixed_args(list(words))
