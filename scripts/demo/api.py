"""The server's API as the demo uses it."""

import json
import sys
import urllib.error
import urllib.request
from typing import Any


class Api:
    """Calls with one person's token; raises SystemExit with the server's words when refused."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """The answer to a POST."""
        return json.loads(self._open(path, json.dumps(body).encode()).read())

    def try_post(self, path: str, **body: Any) -> bool:
        """Whether it was accepted; False when the server says that it is too early (409)."""
        try:
            self._request(path, json.dumps(body).encode()).close()
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise SystemExit(f"{path}: {error.code} {error.read().decode()}") from None
            return False
        return True

    def get(self, path: str) -> dict[str, Any]:
        """The answer to a GET."""
        return json.loads(self._open(path).read())

    def submit(self, workflow_file: str, workflow_name: str | None = None) -> str:
        """Name of the new run."""
        answer = self.post("runs/submit", workflow_file=workflow_file, workflow_name=workflow_name)
        return answer["run_name"]

    def jobs(self, run_name: str) -> list[dict[str, Any]]:
        """The jobs of a run."""
        return self.get(f"jobs/query?run_name={run_name}")["jobs"]

    def follow(self, job_id: str) -> None:
        """Copy a job's log to the terminal as it comes, until the job is over."""
        offset, finished = 0, False
        while not finished:
            answer = self._open(f"jobs/{job_id}/logs?offset={offset}&follow=1")
            finished = answer.headers["Log-Finished"] == "true"
            sys.stdout.buffer.write(answer.read())
            sys.stdout.flush()
            offset = int(answer.headers["Log-Next-Offset"])

    def _open(self, path: str, body: bytes | None = None):
        try:
            return self._request(path, body)
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {error.code} {error.read().decode()}") from None

    def _request(self, path: str, body: bytes | None = None):
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._url}/api/{path}", body, headers)
        return urllib.request.urlopen(request, timeout=60)
