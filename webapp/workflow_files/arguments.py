"""What may stand behind `dstack run NAME`, as the published client sends it word for word: the
properties of a workflow that it sets."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, NoReturn

from webapp.workflow_files.problems import Problem, WorkflowErrors

WHERE = "provider_args"
_SINGLE = ("requirements", "working_dir", "ports")
_RESOURCES = ("cpu", "memory", "shm_size")
_GPU = {"gpu": "count", "gpu_name": "name", "gpu_memory": "memory"}


class _Parser(ArgumentParser):
    """Says what is wrong instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise wrong_arguments(f"{message[0].upper()}{message[1:300]}.")


def wrong_arguments(sentence: str) -> WorkflowErrors:
    """The problem that the arguments are wrong."""
    return WorkflowErrors([Problem(None, WHERE, sentence, None)])


def of_provider(provider: str, words: Sequence[str]) -> dict[str, Any]:
    """A whole workflow: `docker IMAGE -c COMMAND`, `bash -c COMMAND`, `python FILE ARGUMENTS`,
    `curl URL -o FILE`. Raises WorkflowErrors."""
    parser = _parser(provider)
    if provider in ("bash", "docker"):
        parser.add_argument("-c", "--command", required=True)
    if provider == "docker":
        parser.add_argument("image")
    if provider == "python":
        parser.add_argument("file")
    if provider == "curl":
        parser.add_argument("url")
        parser.add_argument("-o", "--output", required=True)
    given, rest = _parsed(parser, words)
    if rest and provider != "python":  # a script may take whatever it likes
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    own = {"image": "image", "url": "url", "output": "output"}
    properties = {name: getattr(given, word, None) for name, word in own.items()}
    if provider == "python":
        properties["python_script"] = [given.file, *rest]
    if getattr(given, "command", None):
        properties["commands"] = [given.command]
    return {"provider": provider, **_present(properties), **_common(given)}


def of_workflow(name: str, words: Sequence[str]) -> dict[str, Any]:
    """What is set of a workflow that is in the file. Raises WorkflowErrors."""
    parser = _parser(name)
    given, rest = _parsed(parser, words)
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return _common(given)


def _parser(name: str) -> _Parser:
    parser = _Parser(prog=name, add_help=False, allow_abbrev=False)
    parser.add_argument("-r", "--requirements")
    parser.add_argument("-e", "--env", action="append", default=[])
    parser.add_argument("-a", "--artifact", action="append", default=[])
    parser.add_argument("-i", "--interruptible", action="store_true")
    for option in ("working-dir", "ports", "cpu", "memory", "gpu", "gpu-name", "gpu-memory"):
        parser.add_argument(f"--{option}")
    parser.add_argument("--shm-size")
    return parser


def _parsed(parser: _Parser, words: Sequence[str]) -> tuple[Namespace, list[str]]:
    return parser.parse_known_args(list(words))


def _common(given: Namespace) -> dict[str, Any]:
    resources: dict[str, Any] = {name: getattr(given, name) for name in _RESOURCES}
    gpu = {name: getattr(given, word) for word, name in _GPU.items()}
    resources |= {"gpu": _present(gpu), "interruptible": "true" if given.interruptible else None}
    properties: dict[str, Any] = {name: getattr(given, name) for name in _SINGLE}
    properties |= {"artifacts": given.artifact, "resources": _present(resources)}
    environment = [pair.partition("=") for pair in given.env]
    properties["environment"] = {name: value for name, _, value in environment}
    return _present(properties)


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, {}, [])}
