"""Running one job, from an empty folder to an outcome."""

from __future__ import annotations

import contextlib
import signal
import time
from typing import Callable

from runner_client import (
    container,
    disk,
    ending,
    environment,
    leftovers,
    outcome,
    pip,
    ports,
    pull,
    python_job,
    steps,
    virtual_environment,
    working_dir,
)
from runner_client.artifacts import keeping
from runner_client.caller import Over
from runner_client.channel import Refused
from runner_client.engines import Engine
from runner_client.following import Following
from runner_client.gpus import NoFreeGpu
from runner_client.job import Job
from runner_client.line import Ended, Line
from runner_client.outcome import Outcome
from runner_client.preparation import CannotRun, Preparation
from runner_client.process import Process
from runner_client.workplace import Workplace

_LAST_WORDS = 2000


class Execution:
    """`began` is called when the process runs, `printed` after each piece of its output."""

    def __init__(
        self, job: Job, place: Workplace, began: Callable[[], None], printed: Callable[[], None]
    ) -> None:
        self._job, self._place = job, place
        self._began, self._printed = began, printed
        self._line = Line(place.open_caller, job.control)
        self._gpus: list[int] | None = None

    def run(self) -> Outcome:
        """Whatever happens ends in an outcome."""
        try:
            became = self._in_words(self._whole)
            if self._line.has_run and keeping.wanted_of(self._job, became):
                became = self._in_words(lambda: self._keep(became))
            return became
        finally:
            with contextlib.suppress(OSError):  # of a full disk its own outcome has told
                self._job.spool.end()
            if self._gpus:
                self._place.gpus.give_back(self._gpus)
            self._place.ports.give_back(self._job.ports)
            self._line.close()

    def _whole(self) -> Outcome:
        self._allot()
        self._job.folder.make()
        self._prepare()
        return self._run()

    def _keep(self, became: Outcome) -> Outcome:
        return keeping.keep(self._job, self._place, self._line, self._printed, became)

    def _in_words(self, part: Callable[[], Outcome]) -> Outcome:
        try:
            return part()
        except Ended as order:
            return Outcome(order.wanted.outcome, reason=order.wanted.reason)
        except Over:
            return outcome.dropped()
        except Refused as error:
            return outcome.refused(error.code, str(error))
        except (CannotRun, NoFreeGpu, pull.ImageMissing) as error:
            return outcome.failed(str(error))
        except OSError as error:
            return outcome.failed(disk.sentence(error, self._place.jobs))

    def _allot(self) -> None:
        if self._job.spec.gpus or self._place.gpus.any:
            self._gpus = self._place.gpus.take(self._job.spec.gpus)
        self._job.ports = self._place.ports.take(self._job.spec.ports)
        self._job.spec = ports.told(self._job.spec, self._job.ports)

    def _prepare(self) -> None:
        """Raises Ended for what was ordered before there was anything to end."""
        job = self._job
        preparation = Preparation(job, self._place, self._line, self._printed)
        steps.prepare(preparation)
        self._line.check()
        if job.spec.python:
            python_job.settle(preparation)
        elif job.spec.image:
            pull.fetch(self._engine(), job)
        if job.spec.image:
            job.runs_in = "image %s" % job.spec.image
        self._line.check()

    def _run(self) -> Outcome:
        job = self._job
        process = self._start()
        try:
            leftovers.record(job.folder.process, process.pid)
            self._began()
            if job.spec.timeout:
                now = time.monotonic()
                job.control.ask(ending.timed_out(now, job.spec.timeout, self._place.grace))
            following = Following(process, job.control)
            following.early_signal = _early_signal(job.spec.environment)
            following.run(self._take, self._rest)
            job.spool.end()
        except BaseException:
            process.kill_everything()
            raise
        finally:
            process.close()
            self._line.has_run = True
        return self._outcome(process.returncode, following.sent is not None)

    def _take(self, data: bytes) -> None:
        self._job.spool.append(data)
        self._printed()

    def _rest(self) -> None:
        before = self._job.spool.total
        self._job.spool.rest()
        if self._job.spool.total > before:
            self._printed()

    def _start(self) -> Process:
        job = self._job
        folder, spec = job.folder, job.spec
        if spec.image:
            more = (self._place.runner_id, self._gpus, job.ports, job.secrets)
            return container.start(self._engine(), spec, folder, *more)
        argv = ["/bin/sh", "-c", spec.commands]
        variables = environment.direct(spec, folder, self._gpus, job.secrets)
        if spec.python:
            variables = virtual_environment.activate(variables, folder)
        cwd = working_dir.inside(folder.work, spec.working_dir)
        return Process(argv, folder.path, cwd, variables)

    def _outcome(self, returncode: int, signalled: bool) -> Outcome:
        if self._job.spec.image and not signalled:
            spool = self._job.spool
            words = spool.read(max(0, spool.stored - _LAST_WORDS), _LAST_WORDS)
            text = words.decode("utf-8", "replace")
            reason = container.reason_of_exit(self._engine(), returncode, text)
            if not reason and self._job.spec.python:
                reason = pip.reason_of_exit(self._job.spec.python, text)
            if reason:
                return outcome.failed(reason)
        return outcome.of_process(returncode, self._job.control.ending, signalled)

    def _engine(self) -> Engine:
        engine = self._place.machine.engine
        if engine is None:
            raise CannotRun(
                "The job asks for the image %s and this runner has no container engine: "
                "install docker or podman and start the runner again." % self._job.spec.image
            )
        return engine


def _early_signal(variables: dict) -> int | None:
    """A job may ask for a signal of its choice as soon as the machine's end is announced."""
    name = variables.get("DSTACK_INTERRUPTION_SIGNAL")
    with contextlib.suppress(ValueError, KeyError):  # no such signal: as if none was asked for
        return signal.Signals[name] if name else None
    return None
