"""A server process, practice AWS beside it, and what people and EC2 do to the two."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from aws_simulator.process import SimulatorProcess
from scripts.demo.api import Api
from tests.e2e.server_process import ServerProcess
from tests.waiting import eventually
from webapp.extensions import db
from webapp.models.instance import Instance
from webapp.models.job import Attempt, Job
from webapp.storage import log_store

BILLED = ("pending", "running", "shutting-down")
FINAL = ("done", "failed", "stopped", "aborted")
SMALL, LARGE = "m5.large", "m5.xlarge"
FILE = "workflows:\n  - name: work\n    resources: {cpu: %d}\n    retries: %d\n    commands:\n"


class Scene:
    """Everything is done by the server's API; its books are only read."""

    def __init__(self, app: Flask, server: ServerProcess, aws: SimulatorProcess, gates: Path):
        self.app, self.server, self.aws, self._gates = app, server, aws, gates
        self.api = Api(server.url, server.token)

    def enter_keys(self) -> None:
        """The account, with machines that are ended right after their last job."""
        names = ("access_key_id", "secret_access_key")
        keys = {f"aws_{name}": self.aws.ready[name] for name in names}
        self.api.post("users/aws/config", **keys, aws_region="eu-west-1")
        self.api.post("on-demand/settings/update", enabled=True, idle_seconds=0)

    def limit(self, region: str, maximum: int, kind: str = SMALL) -> None:
        wish = {"region_name": region, "instance_type": kind, "purchase_type": "spot"}
        self.api.post("on-demand/limits/set", **wish, maximum=maximum)

    def delete_limit(self, region: str, kind: str = SMALL) -> None:
        wish = {"region_name": region, "instance_type": kind, "purchase_type": "spot"}
        self.api.post("on-demand/limits/delete", **wish)

    def submit(self, *commands: str, cpu: int = 2, retries: int = 0) -> str:
        """Id of the job; two processors are all that a small machine has."""
        lines = "".join(f"      - {command}\n" for command in commands)
        run_name = self.api.submit(FILE % (cpu, retries) + lines)
        return self.api.jobs(run_name)[0]["job_id"]

    def submit_gated(self, gate: str, **fields: Any) -> str:
        """A job that runs until `open(gate)`."""
        path = self._gates / gate
        return self.submit(
            "echo begun", f"while [ ! -e {path} ]; do sleep 0.1; done", "echo ended", **fields
        )

    def gate(self, name: str) -> Path:
        """A file that a job may wait for, or make."""
        return self._gates / name

    def open(self, *gates: str) -> None:
        for gate in gates:
            (self._gates / gate).touch()

    def job(self, job_id: str) -> Any:
        return self._one(select(Job.__table__).where(Job.id == job_id))

    def attempts(self, job_id: str) -> list[tuple[int, str]]:
        """(number, outcome) of each."""
        table = Attempt.__table__
        query = select(table.c.number, table.c.outcome).where(table.c.job_id == job_id)
        return [tuple(row) for row in self._all(query.order_by(table.c.number))]

    def log(self, job_id: str, attempt: int = 1) -> bytes:
        with self.app.app_context():
            return log_store().read(job_id, attempt, 0, 1 << 30)

    def instances(self, region: str) -> list[Any]:
        table = Instance.__table__
        query = select(table).where(table.c.region == region)
        return self._all(query.order_by(table.c.created_at, table.c.id))

    def machine_of(self, job_id: str) -> Any:
        """The instance row of the machine that the job runs on."""
        table = Instance.__table__
        return self._one(select(table).where(table.c.runner_id == self.job(job_id).runner_id))

    def ec2_id_of(self, job_id: str) -> str:
        """The machine itself; an agent may run a job before EC2 has told which one it is on."""
        return eventually(lambda: self.machine_of(job_id).ec2_id, what=f"the machine of {job_id}")

    def running(self, *job_ids: str) -> None:
        """Until all run and have printed their first words."""
        for each in job_ids:
            eventually(lambda i=each: self._prints(i), 60, f"{each} runs: {self.job(each)}")

    def _prints(self, job_id: str) -> bool:
        job = self.job(job_id)
        return job.status == "running" and b"begun" in self.log(job_id, job.attempt)

    def final(self, job_id: str, seconds: float = 60) -> Any:
        """Its row once it is finished."""
        eventually(lambda: self.job(job_id).status in FINAL, seconds, f"the end of {job_id}")
        return self.job(job_id)

    def status(self, region: str) -> list[str]:
        return [row.status for row in self.instances(region)]

    def in_aws(self, region: str, *states: str) -> list[dict[str, Any]]:
        """Machines of a region, by default those that cost money."""
        found = (each for each in self.aws.state()["instances"] if each["region"] == region)
        return [each for each in found if each["state"] in (states or BILLED)]

    def gone(self, region: str) -> None:
        """Until the books say that all is over there; then EC2 has nothing left either, not even an
        open request."""
        over = {"terminated"}
        eventually(lambda: set(self.status(region)) == over, 60, f"the end of all in {region}")
        assert self.in_aws(region) == []
        requests = self.aws.state()["open_requests"]
        assert [each for each in requests if each["region"] == region] == []

    def most_ever(self, region: str, kind: str = SMALL) -> int:
        """The most machines and open requests there were at any instant, dying ones too."""
        seen = self.aws.state()["peaks"].get(f"{region}/{kind}/spot", {})
        return seen.get("everything", 0)

    def ever(self, region: str) -> int:
        """How many machines there were in all; EC2 lists the dead ones for an hour."""
        return len(self.in_aws(region, *BILLED, "terminated"))

    def _all(self, query: Any) -> list[Any]:
        with self.app.app_context():
            rows = db.session.execute(query).all()
            db.session.remove()
        return list(rows)

    def _one(self, query: Any) -> Any:
        (row,) = self._all(query)
        return row
