"""An application with an AWS account, and what one does with it in tests."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from aws_simulator.process import SimulatorProcess
from tests.waiting import eventually
from webapp.clock import system_clock
from webapp.engine.jobs import JobSpec
from webapp.engine.outcomes import Ended
from webapp.engine.resources import Ask
from webapp.engine.snapshot import Key
from webapp.engine.states import Actor
from webapp.extensions import db
from webapp.models.attempts import conclude
from webapp.models.aws_account import Keys, set_keys
from webapp.models.bootstrap import admit_machine
from webapp.models.catalogue import keep_offerings
from webapp.models.claiming import claim_jobs, lock_runner, room_left
from webapp.models.event import Event, Who
from webapp.models.instance import Instance
from webapp.models.job import Job
from webapp.models.job_moves import active_jobs
from webapp.models.limit import Limit, add_limit
from webapp.models.runner import Runner
from webapp.models.runner_moves import runner_back, touch_runner
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.models.user import User, add_user_with_hash
from webapp.tasks.observe import observe
from webapp.tasks.tick import tick

ADA = Who(Actor.PERSON, "ada")
REGION = "eu-west-1"
KEY = Key(REGION, "m5.xlarge", "spot")
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
SIZES = {"m5.xlarge": (4000, 16384), "m5.2xlarge": (8000, 32768), "c5.large": (2000, 4096)}


@dataclass
class House:
    """`turn` is what the scheduler does in a moment: a tick and a look at EC2."""

    app: Flask
    aws: SimulatorProcess
    clock: Any

    def furnished(self) -> "House":
        # Practice AWS has the real time: a ValidUntil of last year would be over.
        self.clock.moment = system_clock()
        with writing():
            add_user_with_hash(ADA, "ada", "ada@example.org", "admin", "!", self.clock())
            ready = self.aws.ready
            set_keys(ADA, Keys(ready["access_key_id"], ready["secret_access_key"]), self.clock())
            rows = [self._offering(name, *size) for name, size in SIZES.items()]
            keep_offerings(REGION, rows, self.clock())
        return self

    def _offering(self, name: str, cpu: int, memory: int) -> dict[str, Any]:
        facts = {"gpus": [], "arch": "x86_64", "zones": ZONES}
        both = ["spot", "on-demand"]
        return {
            "instance_type": name,
            "cpu_milli": cpu,
            "memory_mib": memory,
            "purchase_types": both,
            **facts,
        }

    def limit(self, maximum: int = 3, key: Key = KEY, **choices: Any) -> Limit:
        with writing():
            return add_limit(ADA, key, maximum, self.clock(), **choices)

    def submit(self, count: int = 1, retries: int = 0, **ask: Any) -> list[str]:
        """Ids of new jobs of one run."""
        spec = JobSpec("true", ask=Ask(**ask), retries=retries)
        known = set(db.session.scalars(select(Job.id)))
        with writing():
            user = db.session.scalar(select(User))
            submit_run(ADA, user.id, [spec] * count, self.clock())
        return [
            j for j in db.session.scalars(select(Job.id).order_by(Job.position)) if j not in known
        ]

    def tick(self) -> int:
        return tick(self.clock())

    def look(self) -> int:
        """A look at EC2 that is not refused for being too early."""
        self.clock.advance(11)
        for runner in self.runners():
            if runner.status in ("live", "draining", "interrupted"):
                with writing():
                    touch_runner(runner.id, self.clock())
        return observe(self.clock())

    def turn(self) -> None:
        self.tick()
        self.look()
        self.tick()

    def until(self, condition: Any, what: str) -> Any:
        """Turn until it is so."""

        def once() -> Any:
            db.session.expire_all()
            answer = condition()
            if not answer:
                self.turn()
            return answer

        return eventually(once, what=what)

    def instances(self) -> list[Instance]:
        db.session.commit()
        db.session.expire_all()
        return list(db.session.scalars(select(Instance).order_by(Instance.created_at, Instance.id)))

    def instance(self) -> Instance:
        (only,) = self.instances()
        return only

    def instance_status(self) -> str:
        rows = self.instances()
        return rows[0].status if rows else ""

    def all_jobs(self) -> list[str]:
        db.session.expire_all()
        return list(db.session.scalars(select(Job.id).order_by(Job.id)))

    def runners(self) -> list[Runner]:
        db.session.expire_all()
        return list(db.session.scalars(select(Runner).order_by(Runner.created_at)))

    def job(self, job_id: str) -> Job:
        db.session.expire_all()
        return db.session.get(Job, job_id)

    def boot(self, instance: Instance) -> Runner:
        """Its agent calls in, as the agents' room does it."""
        runner = instance.runner
        me = Who(Actor.RUNNER, runner.name)
        with writing():
            runner = lock_runner(instance.runner_id)
            touch_runner(
                runner.id, self.clock(), started_at=self.clock(), session=str(uuid.uuid4())
            )
            assert runner_back(me, runner, "", self.clock())
        return db.session.get(Runner, instance.runner_id)

    def boots_with(self, token: str, machine_id: str = "a" * 64) -> Runner | None:
        with writing():
            return admit_machine(token, machine_id, "a credential of " + machine_id, self.clock())

    def claim(self, runner: Runner) -> list[str]:
        """The runner takes what fits; only a live one does."""
        with writing():
            row = lock_runner(runner.id)
            if row.status != "live":
                return []
            room = room_left(row, [], 100)
            claimed, _ = claim_jobs(Who(Actor.RUNNER, row.name), row.id, room, self.clock())
            return [job.id for job in claimed]

    def finish(self, runner: Runner) -> int:
        """All its jobs are done."""
        with writing():
            me = Who(Actor.RUNNER, runner.name)
            jobs = active_jobs(runner.id)

            return sum(conclude(me, j, Ended("exited", 0), self.clock()) for j in jobs)

    def booted(self, count: int = 1, **ask: Any) -> Instance:
        """A machine that is live and runs the job it was launched for."""
        self.submit(count, **ask)
        self.turn()
        instance = self.instance()
        self.claim(self.boot(instance))
        self.tick()
        return self.instance()

    def events(self, what: str) -> list[str]:
        db.session.expire_all()
        query = select(Event.why).where(Event.what == what).order_by(Event.id)
        return list(db.session.scalars(query))

    def in_aws(self, *states: str) -> list[dict[str, Any]]:
        """Machines of practice AWS in these states, by default those that are billed."""
        wanted = states or ("pending", "running")
        return [m for m in self.aws.state()["instances"] if m["state"] in wanted]
