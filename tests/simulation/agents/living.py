"""One life of a simulated agent: its jobs, its polls, its heartbeats and what it sends."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner_client import ending, job_spec, orders, report
from runner_client.channel import Refused, Unreachable
from runner_client.folders import Folder
from runner_client.job import Job
from runner_client.job_spec import Key
from runner_client.log_sender import LogSender
from runner_client.roster import Roster
from tests.simulation.agents.work import Work

if TYPE_CHECKING:
    from tests.simulation.agents.agent import Agent

MOST_JOBS = 8
CHUNK = 1024


class Living:
    """From an accepted `start` until the session is over."""

    def __init__(self, agent: "Agent", session: str, terms: dict[str, Any]) -> None:
        self.agent, self.session, self.terms = agent, session, terms
        self.roster = Roster(MOST_JOBS)
        self.works: dict[Key, Work] = {}
        self.notice: int | None = None
        self._told = False
        self._again: dict[Key, report.Report] = {}
        self._logs = LogSender(self, CHUNK)  # type: ignore[arg-type]

    def begin(self) -> None:
        """Poll, beat and send from now on."""
        self.agent.later(0.1, "polls", self._poll)
        self.agent.later(1.0, "beats", self._beat)
        self.agent.later(0.5, "sends", self._send)

    def call(self, path: str, body: Any, timeout: float = 0) -> dict[str, Any]:
        """As the real Caller, but once; a session that is over ends this life."""
        try:
            return self.agent.call(path, body() if callable(body) else body, self.session)
        except Refused as error:
            if error.code in ("clone", "old_session"):
                self.agent.end_session(error.code)
                raise Unreachable(error.code) from None
            if error.code in ("unknown_credential", "runner_removed", "protocol"):
                raise Unreachable(error.code) from None
            raise

    def leave(self) -> None:
        """Take no more, end all jobs; they are handed back."""
        self.roster.close()
        self._ask_all(ending.handed_back(0.0, 10.0))

    def interrupted(self, notice: int, wanted: ending.Ending) -> None:
        """EC2 takes the machine back: no more jobs, and these end in time."""
        self.notice = notice
        self.roster.close()
        self.agent.world.note(f"{self.agent.name}: hears the notice")
        for work in list(self.works.values()):
            work.job.control.ask(wanted)
            self.agent.later(max(0.0, wanted.terminate_at), "in time", lambda w=work: self._obey(w))
        self._beat_once()

    def kill_jobs(self) -> None:
        """The process ends, or the session does: what runs is killed and nobody tells of it."""
        for work in self.works.values():
            work.running = False
            work.job.spool.close()
        self.works.clear()

    def _ask_all(self, wanted: ending.Ending) -> None:
        for work in list(self.works.values()):
            work.job.control.ask(wanted)
            self._obey(work)

    # polling

    def _poll(self) -> None:
        wait = self.agent.some(1, 7, "poll")
        try:
            answer = self.call("poll", self._question)
        except (Unreachable, Refused):
            self._later(self.agent.some(1, 6, "poll again"), "polls", self._poll)
            return
        news = [self._take(item) for item in answer["jobs"]]
        self._obey_orders(answer)
        self._later(0.3 if any(news) else wait, "polls", self._poll)

    def _question(self) -> dict[str, Any]:
        return {"holding": self.roster.holding(), "slots": self.roster.free()}

    def _take(self, item: dict[str, Any]) -> bool:
        spec = job_spec.parse(item)
        jobs, most = self.agent.home / "jobs", self.terms["log_maximum"]
        agent = self.agent
        job = self.roster.add(
            spec.key, lambda: self._work(Work(agent.world, agent.name, spec, jobs, most))
        )
        if job is None:
            self._repeat(spec, jobs)
            return False
        work = self.works[spec.key]
        self.agent.later(self.agent.some(0.1, 3, "begin"), "begins a job", lambda: self._run(work))
        return True

    def _repeat(self, spec: job_spec.JobSpec, jobs: Path) -> None:
        last = self.roster.last_word(spec.key)
        if last is not None:
            job = Job(spec, Folder(jobs, spec.key.name), 0)
            self._again[spec.key] = report.repeated(job, self.agent.clock(), last)

    def _work(self, work: Work) -> Any:
        self.works[work.job.key] = work
        return work.job

    def _run(self, work: Work) -> None:
        if work.over or work.job.key not in self.works:
            return
        if work.job.control.ending is not None:
            work.never_begun()
            return
        work.begin()
        task = work.task
        for piece in range(task.pieces):
            when = task.seconds * (piece + 0.5) / task.pieces
            self.agent.later(when, "prints", lambda n=piece: work.running and work.print_piece(n))
        self.agent.later(task.seconds, "job ends", lambda: work.running and work.exit())
        if work.job.spec.timeout:
            self.agent.later(work.job.spec.timeout, "timeout", lambda: self._time_out(work))

    def _time_out(self, work: Work) -> None:
        if work.running:
            work.job.control.ask(ending.timed_out(0.0, 0.0, 10.0))
            self._obey(work)

    def _obey_orders(self, answer: dict[str, Any]) -> None:
        orders.obey(answer, self.roster, 10.0)
        for work in list(self.works.values()):
            wanted = work.job.control.ending
            if wanted is not None and wanted.outcome in ("stopped", "aborted", "dropped"):
                self._obey(work)

    def _obey(self, work: Work) -> None:
        """End it as it was asked: at once, or after the grace when it is deaf."""
        wanted = work.job.control.ending
        if wanted is None:
            return
        if wanted.outcome == "dropped":
            self._let_go(work)
        elif work.running:
            at_once = wanted.outcome == "aborted" or not work.task.deaf
            grace = 0.1 if at_once else 10.0
            self.agent.later(grace, "killed", lambda: work.running and work.kill())
        elif not work.over:
            work.never_begun()

    # beating

    def _beat(self) -> None:
        self.agent.later(self.terms["heartbeat_seconds"], "beats", self._beat)
        if self.works or (self.notice is not None and not self._told):
            self._beat_once()

    def _beat_once(self) -> None:
        notice = {"action": "terminate", "at": self.notice} if self.notice else None
        body = {"holding": self.roster.holding(), "clock": self.agent.clock()}
        try:
            answer = self.call("heartbeat", {**body, "disk_free_mib": 1000, "interruption": notice})
        except (Unreachable, Refused):
            return
        self._told = notice is not None
        self._obey_orders(answer)

    # sending

    def _send(self) -> None:
        self._later(self.agent.some(0.3, 2.5, "send"), "sends", self._send)
        try:
            for work in list(self.works.values()):
                self._send_log(work)
            self._send_reports()
        except Unreachable:
            return

    def _send_log(self, work: Work) -> None:
        if not work.job.has_unsent():
            return
        try:
            self._logs.send_chunk(work.job)
        except Refused:
            self._let_go(work)

    def _send_reports(self) -> None:
        due = [each for work in self.works.values() for each in _reports(work)]
        due += self._again.values()
        self._again.clear()
        if not due:
            return
        bodies = [each.body for each in due]
        try:
            answer = self.call("reports", {"reports": bodies})
        except Refused as error:
            answer = error.answer
        for item, result in zip(due, answer.get("results", []), strict=False):
            self._settle(item, result)

    def _settle(self, item: report.Report, result: dict[str, Any]) -> None:
        work = self.works.get(item.job.key)
        if work is None:  # it has ended here before
            self.roster.release(item.job.key, item.body if result["status"] == 200 else None)
            return
        if result["status"] == 409:
            self._let_go(work)
        elif item.is_last:
            self._release(work, item.body)
        else:
            work.started_told = True

    def _let_go(self, work: Work) -> None:
        work.running = False
        self._release(work)

    def _release(self, work: Work, last: dict[str, Any] | None = None) -> None:
        self.works.pop(work.job.key, None)
        work.job.spool.close()
        self.roster.release(work.job.key, last)

    def _later(self, seconds: float, name: str, act: Any) -> None:
        if self.agent.living is self:
            self.agent.later(seconds, name, act)


def _reports(work: Work) -> list[report.Report]:
    """What the server has to hear of it now: the log goes before the last report."""
    due = []
    if work.job.started_at and not work.started_told:
        due.append(report.started(work.job))
    if work.over and not work.job.has_unsent():
        due.append(report.finished(work.job))
    return due
