"""What reads files that others made: whatever is in them, it answers or says what is wrong."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from runner_client.wire import WireError, read_response
from tests.archives.packing import tar, zipped
from tests.fuzz.lengths import seeded
from tests.workflow_files.test_any_text import PIECES, TREES, read
from webapp.archives import BadArchive, look_into
from webapp.workflow_files import UnknownWorkflow, WorkflowErrors, read_workflows

_FILES = {"a.txt": "hello", "src/b.bin": bytes(range(256)), ".dstack/workflows.yaml": "x: y\n"}
_ARCHIVES = (tar(_FILES), tar(_FILES, mode="w"), zipped(_FILES))
_ANSWERS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n",
)
_WORKFLOWS = b"""workflows:
  - name: train
    image: python:3.12
    commands: [pip list, "python train.py ${{ run.name }}"]
    resources: {cpu: 2, memory: 4GB, gpu: 1}
    environment: {EPOCHS: "10"}
    depends-on: [prepare]
    timeout: 2h
  - &prepare {name: prepare, commands: echo, retries: 1, artifacts: [data]}
"""
# What programs read well until there is too much of it: Python refuses numbers of 4300 digits.
_LONG_ONES = (b"9" * 5000, b"\x1b[" + b"9" * 5000 + b"m", b"f" * 5000, b"[" * 2000, b" " * 70_000)


@st.composite
def damaged(draw: Any, wholes: tuple[bytes, ...]) -> bytes:
    """One of these with pieces changed, lost, doubled or put in."""
    content = draw(st.sampled_from(range(len(wholes))).map(lambda n: wholes[n]))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from((0, 1, 1, 2, 4, 30, 512)))
        again = st.just(content[place : place + length] * 2)
        piece = draw(st.one_of(st.binary(max_size=8), again, st.sampled_from(_LONG_ONES)))
        content = content[:place] + piece + content[place + length :]
    return bytes(content)


def archives(length: settings, number: int | None = None) -> None:
    """Archives that somebody sends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"

        def look(content: bytes) -> None:
            path.write_bytes(content)
            try:
                assert look_into(path, 1024 * 1024, (".dstack/workflows.yaml",)).size <= 1024 * 1024
            except BadArchive as error:
                assert str(error)

        tried(length, number, damaged(_ARCHIVES), look)


def workflows(length: settings, number: int | None = None) -> None:
    """Workflow files."""
    tried(length, number, st.one_of(PIECES.map("".join), TREES.map(repr), st.text()), read)
    tried(length, number, damaged((_WORKFLOWS,)), _read_to_the_end)


def answers(length: settings, number: int | None = None) -> None:
    """What the agent takes for an answer of the server."""

    def answer(content: bytes) -> None:
        try:
            assert read_response(io.BytesIO(content)).status >= 200
        except WireError as error:
            assert str(error)

    tried(length, number, damaged(_ANSWERS), answer)


def _read_to_the_end(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    try:
        found = read_workflows(text)
        for name in ("train", "prepare", None):
            assert found.pick(name).jobs()
    except WorkflowErrors as errors:
        assert all(problem.sentence for problem in errors.problems)
    except UnknownWorkflow as unknown:
        assert str(unknown)


def tried(length: settings, number: int | None, strategy: Any, act: Callable[[Any], None]) -> None:
    """`act` on much that is drawn from this strategy."""

    @settings(length, max_examples=4 * length.max_examples)
    @given(strategy)
    def check(content: Any) -> None:
        act(content)

    seeded(number, check)()
