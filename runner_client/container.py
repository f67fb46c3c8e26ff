"""A job in a container, by the command line of docker or podman."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from runner_client import environment, given
from runner_client.engines import Engine
from runner_client.folders import Folder
from runner_client.job_spec import JobSpec, Key
from runner_client.process import Process

WORK = "/workflow"
_LABEL = "dstack.runner"
_COMMAND_SECONDS = 60
# Variables travel under other names: on its own the command line of the engine would obey
# LD_LIBRARY_PATH, DOCKER_HOST and the like, which are meant for the job.
_PREFIX = "DSTACK_SET_"
_SHELL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# What the engine's command line itself listens to.
_ENGINE_PREFIXES = ("DOCKER_", "CONTAINER", "XDG_", "DBUS_", "REGISTRY_")


class ContainerProcess(Process):
    """The engine's command line, attached to the container. Signals go to the container."""

    def __init__(
        self,
        argv: list[str],
        folder: Path,
        variables: dict,
        engine: Engine,
        name: str,
        stdin: int | None,
    ) -> None:
        self._engine, self._name = engine, name
        super().__init__(argv, folder, folder, variables, stdin)

    def signal(self, number: int) -> None:
        name = signal.Signals(number).name
        # It may have no container yet (a moment after the start): then the command line dies.
        if not run(self._engine, "kill", "--signal", name, self._name) or number == signal.SIGKILL:
            super().signal(number)

    def kill_everything(self) -> None:
        remove(self._engine, self._name)
        super().kill_everything()


def name_of(key: Key) -> str:
    return "dstack-" + key.name


def engine_environment() -> dict:
    own = {name: text for name, text in os.environ.items() if name.startswith(_ENGINE_PREFIXES)}
    return dict(environment.base(), **own)


def is_here(engine: Engine, image: str) -> bool:
    return run(engine, "image", "inspect", image)


def start(
    engine: Engine,
    spec: JobSpec,
    folder: Folder,
    runner_id: str,
    gpus: list[int] | None,
    ports: list[int],
    secrets: dict,
) -> ContainerProcess:
    """Raises OSError. The image is here already."""
    variables = environment.of_job(spec, gpus, {})
    carried = {_carrier(name): text for name, text in variables.items()}
    argv = [engine.path, "run", "--rm", "--name", name_of(spec.key)]
    argv += ["--label", "%s=%s" % (_LABEL, runner_id)]
    argv += ["--log-driver", "none"]  # the log is ours; a second copy would only fill the disk
    argv += ["--volume", "%s:%s:Z" % (folder.work, WORK)]
    argv += ["--workdir", os.path.join(WORK, spec.working_dir), *_limits(spec), *_init(engine)]
    argv += _gpu_options(engine, gpus)
    for port in ports:
        argv += ["--publish", "%d:%d" % (port, port)]
    for name in carried:
        argv += ["--env", name]
    if secrets:
        argv += ["--interactive"]
    script = _script(spec, sorted(variables), bool(secrets))
    argv += ["--entrypoint", "/bin/sh", spec.image, "-c", script]
    carried.update(engine_environment())
    stdin = given.pipe(given.text(secrets)) if secrets else None
    try:
        return ContainerProcess(argv, folder.path, carried, engine, name_of(spec.key), stdin)
    finally:
        if stdin is not None:
            os.close(stdin)


def _carrier(name: str) -> str:
    """A name that no shell could set again has to travel as it is; no program listens to those."""
    return _PREFIX + name if _SHELL_NAME.match(name) else name


def _script(spec: JobSpec, names: list[str], more: bool) -> str:
    """One stream for both outputs keeps their order; then the variables get their own names."""
    lines = ["exec 2>&1"]
    for name in names:
        if _SHELL_NAME.match(name):
            lines.append('export %s="$%s%s"; unset %s%s' % (name, _PREFIX, name, _PREFIX, name))
    if more:
        lines.append(given.SCRIPT)
    return "\n".join([*lines, spec.commands])


def _limits(spec: JobSpec) -> list[str]:
    options = []
    if spec.cpu_milli:
        options += ["--cpus", "%.3f" % (spec.cpu_milli / 1000)]
    if spec.memory_mib:
        options += ["--memory", "%dm" % spec.memory_mib]
    if spec.shm_mib:
        options += ["--shm-size", "%dm" % spec.shm_mib]
    return options


def _init(engine: Engine) -> list[str]:
    """A shell that is process 1 ignores SIGTERM; docker brings a first process, podman may."""
    if engine.name == "docker" or shutil.which("catatonit"):
        return ["--init"]
    return []


def _gpu_options(engine: Engine, gpus: list[int] | None) -> list[str]:
    if not gpus:
        return []
    if engine.name == "docker":
        return ["--gpus", '"device=%s"' % ",".join(str(number) for number in gpus)]
    return [word for number in gpus for word in ("--device", "nvidia.com/gpu=%d" % number)]


def reason_of_exit(engine: Engine, code: int, last_words: str) -> str | None:
    """Why there was no job, when the exit code is the engine's own; None when it is the job's."""
    words = last_words.strip().splitlines()
    last = words[-1].strip() if words else ""
    if code == 125:
        return "%s could not start the container: %s" % (engine.name, last or "it gave no reason")
    # 126 and 127 are the shell's too. The engine's own come with its error about our /bin/sh.
    if code in (126, 127) and "/bin/sh" in last and last.startswith(("Error", "docker:")):
        return "The image has no /bin/sh that can run the commands: %s" % last
    return None


def remove_all(engine: Engine, runner_id: str, folders: list[str]) -> None:
    """Every container of this runner, by its label and by the names of earlier jobs."""
    wanted = "label=%s=%s" % (_LABEL, runner_id)
    listing = [engine.path, "ps", "--all", "--quiet", "--filter", wanted]
    names = _output(listing).split() + ["dstack-" + folder for folder in folders]
    for name in names:
        remove(engine, name)


def remove(engine: Engine, name: str) -> None:
    """At once, running or not: podman's `rm --force` alone would wait 10 s for a polite end."""
    run(engine, "kill", name)
    run(engine, "rm", "--force", name)


def run(engine: Engine, *words: str) -> bool:
    """Whether the engine's command did what it was told."""
    try:
        done = subprocess.run(
            [engine.path, *words],
            env=engine_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_COMMAND_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _output(argv: list[str]) -> str:
    try:
        done = subprocess.run(
            argv,
            env=engine_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_COMMAND_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
