"""Jobs that need code, run by the agent's own parts against a peer that says where it is."""

import hashlib

from runner_client import job_spec
from runner_client.caller import Caller
from runner_client.config_file import Config
from runner_client.contact import Contact
from runner_client.execution import Execution
from runner_client.folders import Folder
from runner_client.gpus import Allotment
from runner_client.job import Job
from runner_client.machine import Machine
from runner_client.ports import Ports
from runner_client.session import Session, Terms
from runner_client.workplace import Workplace

JOB = "0123456789ab"


class CodeBench:
    """`of_commit` and `of_archive` say where the code is; `run` runs a job in it."""

    def __init__(self, peer, folder) -> None:
        self.peer, self.home = peer, folder
        (folder / "jobs").mkdir(parents=True)
        session = Session(Config(peer.url, "r", "peer", "c"), "one", Terms())
        machine = Machine(None, [], None)
        self.place = Workplace(
            folder / "jobs",
            "r",
            machine,
            Allotment(0),
            0.5,
            10**7,
            lambda: Caller(session, Contact(peer.url)),
            Ports(),
        )
        peer.files[f"jobs/{JOB}/hosts"] = {}

    def of_commit(self, url, commit, diff=b"", **about) -> "CodeBench":
        told = {"kind": "git", "url": url, "hash": commit, "branch": "main", "known_hosts": ""}
        told |= {"diff_size": len(diff), "local": url.startswith("file:"), **about}
        return self._serve(told, "diff", diff)

    def of_archive(self, content, **about) -> "CodeBench":
        digest = hashlib.sha256(content).hexdigest()
        told = {"kind": "archive", "size": len(content), "sha256": digest, **about}
        return self._serve(told, "archive", content)

    def _serve(self, told, what, content, most=1000):
        self.peer.files[f"jobs/{JOB}/code"] = told

        def piece(body):
            return content[body["offset"] : body["offset"] + most]

        self.peer.files[f"jobs/{JOB}/{what}"] = piece
        return self

    def job(self, commands, attempt=1) -> Job:
        about = {"job": JOB, "attempt": attempt, "commands": commands, "environment": {}}
        spec = job_spec.parse({**about, "needs": ["code"]})
        return Job(spec, Folder(self.place.jobs, spec.key.name), self.place.log_maximum)

    def execute(self, job):
        return Execution(job, self.place, lambda: None, lambda: None).run()

    def run(self, commands="true", attempt=1):
        """The outcome, and the log."""
        job = self.job(commands, attempt)
        return self.execute(job), job.spool.read(0, 10**7).decode()

    @property
    def clones(self):
        return sorted((self.home / "clones").glob("*.git"))
