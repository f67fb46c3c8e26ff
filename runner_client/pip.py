"""Installing what a Python job requires, and what pip says when it cannot: pure."""

from __future__ import annotations

import shlex

from runner_client.job_spec import PythonNeeds

_OPTIONS = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
_FAILED = "pip could not install %s"


def command(python: str, requirements: str) -> list[str]:
    return [python, "-m", "pip", "install", *_OPTIONS, "-r", requirements]


def before(commands: str, needs: PythonNeeds) -> str:
    """The commands of a job in its image, with pip before them."""
    if not needs.requirements:
        return commands
    install = " ".join(shlex.quote(word) for word in command("python", needs.requirements))
    say = shlex.quote(_FAILED % needs.requirements)
    # In a container it is root that installs, and there is nothing to warn of.
    install = "PIP_ROOT_USER_ACTION=ignore %s" % install
    return "%s || { set -- $?; echo %s; exit $1; }\n%s" % (install, say, commands)


def reason_of_exit(needs: PythonNeeds, last_words: str) -> str | None:
    """Why an image's job ended before its commands; None when pip had no part in it."""
    lines = last_words.strip().splitlines()
    if not needs.requirements or not lines or lines[-1] != _FAILED % needs.requirements:
        return None
    return failure(needs.requirements, "\n".join(lines[:-1]))


def failure(requirements: str, printed: str) -> str:
    """One sentence with pip's last words: its last error, or its last line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    last = (errors or lines or ["it gave no reason"])[-1]
    return "%s: %s" % (_FAILED % requirements, last.replace("ERROR: ", "", 1))
