"""The calls of the agent protocol as they should be, to be mangled."""

from typing import Any

from tests.agents.machine import MACHINE, AgentPeer, described_file, digest

CONTENT = b"what the attacker left"
OF_A_RUNNER = ("runners", "clone", "start", "poll", "heartbeat", "reports", "stop")
OF_A_JOB = (
    *("artifacts", "artifacts/done", "inputs", f"inputs/{digest(CONTENT)}", "inputs/bundle"),
    *("secrets", "code", "diff", "archive", "hosts"),
)


def calls(peer: AgentPeer, job: str) -> dict[str, dict[str, Any]]:
    """Path -> body, for a runner that has this job."""
    held = {"job": job, "attempt": 1}
    report = {**held, "at": 1_764_000_000_000}
    sessions = {"session": peer.session, "previous_session": peer.session}
    about = {"outcome": "exited", "exit_code": 0, "signal": None, "reason": "why", "log_size": 5}
    started = {**report, "kind": "started", "runs_in": "image debian:12", "ports": [8080]}
    finished = {**report, "kind": "finished", **about}
    files = [described_file("out/a", CONTENT), described_file("out/b/c", b"")]
    interruption = {"action": "terminate", "at": 1_764_000_000_000}
    busy = {"holding": [held], "clock": 1_764_000_000_000, "disk_free_mib": 5}
    machine = {**MACHINE, "gpus": [{"name": "V100", "memory_mib": 16384}], "instance_id": "i-1"}
    newcomer = {**peer.hello(), "name": "box", "max_jobs": 3, "labels": ["a=b"]}
    of_job = {
        "artifacts": {"attempt": 1, "files": files},
        "artifacts/done": {"attempt": 1, "trouble": "a sentence"},
        f"inputs/{digest(CONTENT)}": {"attempt": 1, "offset": 0, "size": 100},
        "inputs": {"attempt": 1, "from": 0},
        "inputs/bundle": {"attempt": 1, "files": [digest(CONTENT)]},
        "secrets": {"attempt": 1},
        "code": {"attempt": 1},
        "diff": {"attempt": 1, "offset": 0},
        "archive": {"attempt": 1, "offset": 0},
        "hosts": {"attempt": 1, "known_hosts": "example.org ssh-ed25519 AAAA\n"},
    }
    return {
        "runners": newcomer,
        "clone": peer.hello(),
        "start": {**peer.hello(), **sessions, "machine": machine},
        "poll": {"holding": [held], "slots": 0},
        "heartbeat": {**busy, "interruption": interruption},
        "reports": {"reports": [started, finished]},
        "stop": {"reason": "the agent was stopped"},
        **of_job,
    }
