"""runner.yaml: whom this agent belongs to. A small part of YAML, `key: "value"` on each line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from runner_client.home import write_private

_HEAD = "# Written by dstack-runner config. The credential is a secret of this machine.\n"


class BadConfig(Exception):
    """One sentence: what is wrong with the file, and what to do."""


class Config(NamedTuple):
    server: str
    runner_id: str
    runner_name: str
    credential: str
    max_jobs: int | None = None


def write(path: Path, config: Config) -> None:
    """Raises OSError. A JSON string is a YAML string too, whatever is in it."""
    lines = [
        "%s: %s\n" % (key, json.dumps(value))
        for key, value in config._asdict().items()
        if value is not None
    ]
    write_private(path, _HEAD + "".join(lines))


def read(path: Path) -> Config | None:
    """What the file says, None when there is none; raises BadConfig."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig("%s cannot be read: %s." % (path, error)) from None
    values = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            key, value = _pair(line, path, number)
            values[key] = value
    return _config(values, path)


def _pair(line: str, path: Path, number: int) -> tuple[str, object]:
    key, colon, value = line.partition(":")
    try:
        if not colon:
            raise ValueError
        return key.strip(), _scalar(value.strip())
    except ValueError:
        # The line itself is left out: it may be the one with the credential.
        message = '%s, line %d: it should be `key: "value"`. Run dstack-runner config again.'
        raise BadConfig(message % (path, number)) from None


def _scalar(text: str) -> object:
    if text.startswith('"') or text.isdigit():
        return json.loads(text)
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    return text or None


def _config(values: dict, path: Path) -> Config:
    for key in ("server", "runner_id", "runner_name", "credential"):
        if not isinstance(values.get(key), str) or not values[key]:
            message = "%s has no %s. Run dstack-runner config again."
            raise BadConfig(message % (path, key))
    most = values.get("max_jobs")
    if most is not None and (not isinstance(most, int) or most < 1):
        raise BadConfig("%s: max_jobs should be a number from 1 on." % path)
    return Config(**{key: values[key] for key in Config._fields if key in values})
