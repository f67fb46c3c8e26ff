"""One JOB of the protocol, checked once: what the agent is asked to run."""

from __future__ import annotations

import os
from typing import NamedTuple


class BadJob(Exception):
    """One sentence: what in the server's description of a job cannot be understood."""


class Key(NamedTuple):
    """One attempt of one job."""

    job: str
    attempt: int

    @property
    def name(self) -> str:
        return "%s-%d" % self

    def as_json(self) -> dict:
        return {"job": self.job, "attempt": self.attempt}


class PythonNeeds(NamedTuple):
    """What a job of the provider `python` asks for."""

    version: str | None
    requirements: str | None
    image: str | None


class JobSpec(NamedTuple):
    key: Key
    run_name: str
    commands: str
    image: str | None
    working_dir: str
    environment: dict
    timeout: float | None
    cpu_milli: int
    memory_mib: int
    shm_mib: int
    gpus: int
    needs: list
    python: PythonNeeds | None
    ports: int
    artifacts: list


def parse_key(item: object) -> Key | None:
    """The attempt that an entry of an answer is about; None when it names none.

    It becomes the name of a folder and of a container, so nothing but hexadecimal digits passes.
    """
    if not isinstance(item, dict):
        return None
    job, attempt = item.get("job"), item.get("attempt")
    if not isinstance(job, str) or not isinstance(attempt, int) or attempt < 0:
        return None
    if not job or len(job) > 64 or not set(job) <= set("0123456789abcdef-"):
        return None
    return Key(job, attempt)


def parse(item: dict) -> JobSpec:
    """Raises BadJob. Keys that are not known are passed over."""
    key = parse_key(item)
    if key is None:
        raise BadJob("The server sent a job without a readable name.")
    asked = _get(item, "resources", dict, {})
    environment = _get(item, "environment", dict, {})
    if not are_variables(environment):
        raise BadJob(
            "A variable of the environment has an impossible name, or is not a text that a process "
            "can be given."
        )
    commands = _get(item, "commands", str, "")
    if not _can_be_passed(commands):
        raise BadJob("The commands are not a text that a process can be given.")
    return JobSpec(
        key=key,
        run_name=_get(item, "run_name", str, ""),
        commands=commands,
        image=_get(item, "image", str, None),
        working_dir=_get(item, "working_dir", str, None) or "",
        environment=environment,
        timeout=_get(item, "timeout", (int, float), None),
        cpu_milli=_get(asked, "cpu_milli", int, 0),
        memory_mib=_get(asked, "memory_mib", int, 0),
        shm_mib=_get(asked, "shm_mib", int, 0),
        gpus=_get(asked, "gpus", int, 0),
        needs=_texts(item, "needs"),
        python=_python(_get(item, "python", dict, None)),
        ports=_get(item, "ports", int, 0),
        artifacts=_texts(item, "artifacts"),
    )


def _python(item: dict | None) -> PythonNeeds | None:
    if item is None:
        return None
    needs = PythonNeeds(*(_get(item, name, str, None) for name in PythonNeeds._fields))
    if not all(need is None or _can_be_passed(need) for need in needs):
        raise BadJob("The server sent a job whose python cannot be understood.")
    return needs


def are_variables(items: dict) -> bool:
    """Whether a process can be given these as its environment."""
    names = all(name and "=" not in name and _can_be_passed(name) for name in items)
    return names and all(_can_be_passed(value) for value in items.values())


def _texts(item: dict, name: str) -> list:
    texts = _get(item, name, list, [])
    if not all(_can_be_passed(text) for text in texts):
        raise BadJob("The server sent a job whose %s cannot be understood." % name)
    return texts


def _can_be_passed(text: object) -> bool:
    """No zero byte, and no half of a character, which JSON allows and no process can be given."""
    if not isinstance(text, str) or "\0" in text:
        return False
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def _get(item: dict, name: str, kind: type | tuple, default: object) -> object:
    value = item.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadJob("The server sent a job whose %s cannot be understood." % name)
    return value
