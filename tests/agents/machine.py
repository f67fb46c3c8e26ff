"""An agent for tests of the server: speaks the protocol over the test client, runs nothing."""

import hashlib
import uuid
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.people import token

MACHINE = {
    "hostname": "gpu-box.example.org",
    "os": "Debian GNU/Linux 12",
    "arch": "x86_64",
    "cpu_milli": 4000,
    "memory_mib": 16000,
    "disk_free_mib": 90000,
    "gpus": [],
    "container_engine": None,
    "python": "3.11.2",
}


class AgentPeer:
    """One machine; `call` answers the raw response, the verbs assert that it went well."""

    def __init__(self, app: Flask, machine_id: str = "ab" * 32) -> None:
        self.app, self.machine_id = app, machine_id
        self.client = app.test_client()
        self.session, self.previous = str(uuid.uuid4()), None
        self.credential = self.runner_id = self.name = ""

    def call(self, path: str, body: Any = None, secret: str | None = None) -> TestResponse:
        """POST to the agents' API with this machine's credential."""
        headers = {"Authorization": f"Bearer {secret or self.credential}"}
        headers["Runner-Session"] = self.session
        return self.client.post(f"/agents/v1/{path}", json=body or {}, headers=headers)

    def register(self, role: str = "member", **fields: Any) -> "AgentPeer":
        """Exchange the token of the person with this role."""
        body = {**self.hello(), **fields}
        answer = self.call("runners", body, secret=token(role))
        assert answer.status_code == 201, answer.text
        self.credential = answer.json["credential"]
        self.runner_id, self.name = answer.json["runner_id"], answer.json["runner_name"]
        return self

    def hello(self) -> dict[str, Any]:
        """The fields that introduce an agent."""
        clock = self.app.extensions["clock"]()
        about = {"protocol": 1, "agent_version": "0.1.0"}
        return {**about, "machine_id": self.machine_id, "clock": clock}

    def start(self, **machine: Any) -> "AgentPeer":
        """Begin a life of the agent on a machine like MACHINE."""
        sessions = {"session": self.session, "previous_session": self.previous}
        body = {**self.hello(), **sessions, "machine": {**MACHINE, **machine}}
        answer = self.call("start", body)
        assert answer.status_code == 200, answer.text
        return self

    def poll(self, *holding: tuple[str, int], slots: int = 4) -> dict[str, Any]:
        """One poll; the jobs, orders and drain of the answer."""
        held = [{"job": job, "attempt": attempt} for job, attempt in holding]
        answer = self.call("poll", {"holding": held, "slots": slots})
        assert answer.status_code == 200, answer.text
        return answer.json

    def report(self, kind: str, job: str, attempt: int = 1, **fields: Any) -> TestResponse:
        """One report."""
        at = self.app.extensions["clock"]()
        item = {"kind": kind, "job": job, "attempt": attempt, "at": at, **fields}
        return self.call("reports", {"reports": [item]})

    def finish(self, job: str, attempt: int = 1, exit_code: int = 0) -> None:
        """Report that the job ended by itself."""
        fields = {"outcome": "exited", "exit_code": exit_code, "log_size": 0}
        answer = self.report("finished", job, attempt, **fields)
        assert answer.status_code == 200, answer.text

    def declare(self, job: str, files: dict[str, bytes], attempt: int = 1) -> TestResponse:
        """Say that the job leaves these files."""
        described = [described_file(path, content) for path, content in files.items()]
        return self.call(f"jobs/{job}/artifacts", {"attempt": attempt, "files": described})

    def send_piece(
        self, job: str, sha256: str, piece: bytes, offset: int = 0, attempt: int = 1
    ) -> TestResponse:
        """A piece of a content."""
        return self.send_raw(f"jobs/{job}/blobs/{sha256}?attempt={attempt}&offset={offset}", piece)

    def send_raw(self, path: str, data: bytes) -> TestResponse:
        """POST bytes as they are."""
        headers = {"Authorization": f"Bearer {self.credential}", "Runner-Session": self.session}
        return self.client.post(f"/agents/v1/{path}", data=data, headers=headers)

    def leave(self, job: str, files: dict[str, bytes], attempt: int = 1) -> TestResponse:
        """All of it: say, send, done."""
        answer = self.declare(job, files, attempt)
        assert answer.status_code == 200, answer.text
        contents = {digest(content): content for content in files.values()}
        for state in answer.json["missing"]:
            sent = self.send_piece(job, state["sha256"], contents[state["sha256"]], attempt=attempt)
            assert sent.json["whole"], sent.text
        return self.call(f"jobs/{job}/artifacts/done", {"attempt": attempt})

    def send_log(self, job: str, chunk: bytes, offset: int = 0, attempt: int = 1) -> TestResponse:
        """One chunk of log."""
        headers = {"Authorization": f"Bearer {self.credential}", "Runner-Session": self.session}
        path = f"/agents/v1/jobs/{job}/log?attempt={attempt}&offset={offset}"
        return self.client.post(path, data=chunk, headers=headers)


def digest(content: bytes) -> str:
    """As artifacts are told apart."""
    return hashlib.sha256(content).hexdigest()


def described_file(path: str, content: bytes, mode: int = 0o644) -> dict[str, Any]:
    """A file as an agent announces it."""
    return {"path": path, "size": len(content), "sha256": digest(content), "mode": mode}
