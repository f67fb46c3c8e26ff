"""Each kind of secret there is, planted as a canary, and a day of a real server, a real agent and a
machine of practice AWS; afterwards no canary is found where it should not be."""

import os
import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.canaries.place import Place
from tests.e2e.canaries.shapes import Canary
from tests.e2e.canaries.story import Story

# Answers that are meant to carry a secret, and why.
MEANT = {
    # to its owner, to be copied: by itself, and in the four lines that make a runner
    ("personal token", r"GET /settings/account"),
    ("personal token", r"GET /runners"),
    # once, to the person who made it
    ("scoped token", r"POST /settings/tokens"),
    # to the machine whose it is from then on
    ("credential", r"POST /agents/v1/runners"),
    # to the runner that has the job
    ("stored", r"POST /agents/v1/jobs/\w+/secrets"),
    ("pasted", r"POST /agents/v1/jobs/\w+/secrets"),
    ("token-http", r"POST /agents/v1/jobs/\w+/code"),
    ("private key", r"POST /agents/v1/jobs/\w+/code"),
    ("passphrase", r"POST /agents/v1/jobs/\w+/code"),
}
KEY_FILES = {"encryption.key": "encryption key", "session.key": "session key"}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    with ExitStack() as stack:
        story = Story(Place(tmp_path_factory.mktemp("canaries"), stack))
        story.tell()
        yield story


@pytest.fixture(scope="module")
def canaries(story):
    return [Canary(kind, secret) for kind, secret in story.secrets.items()]


def files(folder):
    found = [Path(place) / name for place, _, names in os.walk(folder) for name in names]
    assert found
    return [path for path in found if path.is_file()]


def leaks(canaries, texts):
    """(kind, place) of what was found."""
    return {
        (canary.kind, place)
        for place, text in texts.items()
        for canary in canaries
        if canary.found_in(text)
    }


def test_a_canary_is_found_when_it_is_there(canaries):
    assert len(canaries) == 22
    for canary in canaries:
        raw = canary.secret if isinstance(canary.secret, bytes) else canary.secret.encode()
        assert canary.found_in(b"before " + raw + b" after"), canary.kind


def test_the_data_directory_has_the_two_keys_in_their_files_and_nothing_else(story, canaries):
    data = story.place.settings.data_dir
    texts = {str(path.relative_to(data)): path.read_bytes() for path in files(data)}
    assert {"runners.db", "runners.db-wal"} <= set(texts)
    assert leaks(canaries, texts) == {(kind, name) for name, kind in KEY_FILES.items()}


def test_no_line_of_the_server_or_the_agent_has_one(story, canaries):
    greeting = "Make the first account (this link works once)"
    server = story.place.server.log.read_text().splitlines()
    assert len([line for line in server if line.startswith(greeting)]) == 1
    assert any("debug webapp.request" in line for line in server)
    lines = [line for line in server if not line.startswith(greeting)]
    texts = {"server": "\n".join(lines).encode(), "agent": story.place.agent.log.read_bytes()}
    assert leaks(canaries, texts) == set()


def test_answers_carry_only_what_they_are_meant_to_carry(story, canaries):
    found = set()
    for heard in story.place.tap.heard:
        found |= leaks(canaries, {heard.place: heard.content})
    met = {
        meant: {each for each in found if each[0] == meant[0] and re.fullmatch(meant[1], each[1])}
        for meant in MEANT
    }
    assert found - set().union(*met.values()) == set()
    assert [meant for meant, places in met.items() if not places] == [], "the test looks in vain"
    cookies = b"".join(heard.cookies for heard in story.place.tap.heard)
    assert {kind for kind, _ in leaks(canaries, {"cookies": cookies})} == {"session cookie"}
    statuses = {heard.status for heard in story.place.tap.heard}
    assert statuses >= {200, 204, 303, 400, 401, 403, 404, 409, 500} - {204, 409}


def test_no_command_line_and_no_environment_shows_one_but_those_of_jobs(story, canaries):
    jobs = [f"JOB_ID={job}".encode() for job in story.jobs]
    texts = story.place.processes.texts()
    of_jobs = {place for place, text in texts.items() if any(job in text for job in jobs)}
    assert of_jobs, "no job was seen"
    assert {"git", "ssh"} <= story.place.processes.programs()
    found = leaks(canaries, texts)
    assert {kind for kind, place in found if place in of_jobs} == {"stored", "pasted"}
    assert {each for each in found if each[1] not in of_jobs} == set()


def test_the_home_of_the_agent_has_its_credential_in_one_private_file(story, canaries):
    home = story.place.agent.home
    texts = {str(path.relative_to(home)): path.read_bytes() for path in files(home)}
    assert leaks(canaries, texts) == {("credential", "runner.yaml")}
    assert (home / "runner.yaml").stat().st_mode & 0o777 == 0o600


def test_neither_server_nor_agent_writes_its_memory_to_a_core_file(story):
    for process in (story.place.server.process, story.place.agent.process):
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 ", limits)
