"""A runner that says what it likes: other people's jobs, wrong attempts, sizes that are none,
markup in every text. It never brings the server down, and never gets at what is not its own."""

import json
import time
import uuid
from typing import Any
from urllib.parse import quote

from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.agents.machine import AgentPeer, digest
from tests.fuzz.calls import CONTENT, OF_A_JOB, OF_A_RUNNER, calls
from tests.fuzz.house import House
from tests.fuzz.lengths import seeded
from tests.fuzz.nasty import BYTES, MARKUP, NUMBERS, TEXTS, VALUES, mangled
from webapp.agents.artifacts import PIECE
from webapp.agents.start import LOG_CHUNK

HANGS_SECONDS = 20  # an answer takes milliseconds; this is about loops
_JOBS = st.sampled_from(("own", "own", "own", "victim's", "other"))
_ATTEMPTS = st.one_of(st.just(1), st.just(1), st.just(2), NUMBERS, TEXTS)
_OFFSETS = st.one_of(st.just(0), st.just(0), st.just(5), NUMBERS, TEXTS)
# (Sampled from the bytes themselves, Hypothesis would write them down each time.)
_GIANTS = st.sampled_from((LOG_CHUNK + 1, PIECE + 1)).map(bytes)
_CHUNKS = st.one_of(BYTES, BYTES, BYTES, _GIANTS)
_SHAS = (digest(CONTENT), digest(b""), digest(b"what the victim left"), "x", "..%2F..%2Fx")
_ENTRY = st.tuples(st.sampled_from(_SHAS), st.one_of(st.just(len(CONTENT)), NUMBERS))
_LISTED = st.one_of(
    st.just([[digest(CONTENT), len(CONTENT)]]), st.lists(st.one_of(_ENTRY, VALUES), max_size=4)
)
_BUNDLED = st.one_of(st.just(CONTENT), st.just(CONTENT), _CHUNKS)
_PERSON = "a person's token"
_HEADERS = st.sampled_from(
    (
        *({},) * 12,
        *({"Authorization": value} for value in ("", "Bearer", "Basic eA==", "Bearer \xe9\xff")),
        *({"Authorization": f"Bearer {_PERSON}"},) * 3,
        *({"Runner-Session": value} for value in ("", "x", "0" * 5000, str(uuid.UUID(int=0)))),
        *({"Content-Type": kind} for kind in ("", "text/html", "multipart/form-data; boundary=x")),
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript"},
        {"Content-Encoding": "gzip", "Transfer-Encoding": "identity"},
    )
)


def attack(house: House, length: settings, number: int | None = None) -> None:
    """Many of them, one after the other; `number` says which."""

    def one() -> "MaliciousRunner":
        return MaliciousRunner(house)

    run_state_machine_as_test(seeded(number, one), settings=length)


class MaliciousRunner(RuleBasedStateMachine):
    """`house` is used again by the next one; what this one leaves there is part of the world."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house

    @initialize()
    def come(self) -> None:
        self.me = AgentPeer(self.house.app, uuid.uuid4().hex * 2).register().start()
        self.job = str(self.house.work_for(self.me))
        self.said = 0  # things since this life began
        self.stored = self.house.stored()

    @rule(path=st.sampled_from(OF_A_RUNNER), whose=_JOBS, headers=_HEADERS, data=st.data())
    def say(self, path: str, whose: str, headers: dict[str, str], data: Any) -> None:
        self.said += 1
        body = data.draw(mangled(calls(self.me, self._job(whose, data))[path]))
        if self._post(path, body, headers) == 200 and path == "start":
            self.me.session = json.loads(body)["session"]

    @rule(path=st.sampled_from(OF_A_RUNNER))
    def say_the_right_thing(self, path: str) -> None:
        """So that what is wrong meets a server in every state."""
        self.said += 1
        self._post(path, json.dumps(calls(self.me, self.job)[path]).encode(), {})

    @rule(path=st.sampled_from(OF_A_JOB), whose=_JOBS, headers=_HEADERS, data=st.data())
    def say_of_a_job(self, path: str, whose: str, headers: dict[str, str], data: Any) -> None:
        self.said += 1
        job = self._job(whose, data)
        body = data.draw(mangled(calls(self.me, job)[path]))
        self._post(f"jobs/{_quoted(job)}/{path}", body, headers)

    @rule(
        path=st.sampled_from((*("log",) * len(_SHAS), *(f"blobs/{sha}" for sha in _SHAS))),
        whose=_JOBS,
        attempt=_ATTEMPTS,
        offset=_OFFSETS,
        chunk=_CHUNKS,
        data=st.data(),
    )
    def send(
        self, path: str, whose: str, attempt: Any, offset: Any, chunk: bytes, data: Any
    ) -> None:
        """Raw bytes."""
        self.said += 1
        place = f"attempt={_quoted(attempt)}&offset={_quoted(offset)}"
        self._post(f"jobs/{_quoted(self._job(whose, data))}/{path}?{place}", chunk, {})

    @rule(attempt=_ATTEMPTS, whose=_JOBS, listed=_LISTED, content=_BUNDLED, data=st.data())
    def send_a_bundle(
        self, attempt: Any, whose: str, listed: list[Any], content: bytes, data: Any
    ) -> None:
        self.said += 1
        job, body = self._job(whose, data), json.dumps(listed).encode() + b"\n" + content
        self._post(f"jobs/{_quoted(job)}/blobs?attempt={_quoted(attempt)}", body, {})

    @rule(path=TEXTS, content=BYTES)
    def leave_something(self, path: str, content: bytes) -> None:
        """As it should be, but for the name."""
        self.said += 1
        about = {"path": path, "size": len(content), "sha256": digest(content), "mode": 0o777}
        body = json.dumps({"attempt": 1, "files": [about]}).encode()
        if self._post(f"jobs/{self.job}/artifacts", body, {}) == 200:
            self._post(f"jobs/{self.job}/blobs/{digest(content)}?attempt=1&offset=0", content, {})

    @precondition(lambda self: self.said > 5)
    @rule()
    def begin_again(self) -> None:
        """Another life, with another job."""
        self.said = 0
        self.me.previous, self.me.session = self.me.session, str(uuid.uuid4())
        sessions = {"session": self.me.session, "previous_session": self.me.previous}
        body = {**calls(self.me, self.job)["start"], **sessions}
        if self._post("start", json.dumps(body).encode(), {}) == 200:
            self.job = self.house.work_for(self.me) or self.job
            self.stored = self.house.stored()

    def teardown(self) -> None:
        """It says that this is all; people look at what it has told."""
        done = b'{"attempt": 1, "trouble": "<script>alert(1)</script>"}'
        self._post(f"jobs/{self.job}/artifacts/done", done, {})
        for answer in self.house.looks(self.me, self.job):
            answer.get_data()
            answer.close()
            assert answer.status_code < 500, answer.request.path
            if answer.mimetype == "text/html":
                found = [markup for markup in MARKUP if markup in answer.text]
                assert not found, f"{found} at {answer.request.path}"

    def _job(self, whose: str, data: Any) -> str:
        if whose == "other":
            return str(data.draw(TEXTS))
        return self.job if whose == "own" else self.house.victims_job

    def _filled(self, header: str) -> str:
        return header.replace(_PERSON, self.house.token)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        headers = {name: self._filled(value) for name, value in headers.items()}
        own = {"Authorization": f"Bearer {self.me.credential}", "Runner-Session": self.me.session}
        before, began = self.stored, time.monotonic()
        note(f"POST {path[:200]} {body[:300]!r} {headers}")
        answer = self.me.client.post(f"/agents/v1/{path}", data=body, headers={**own, **headers})
        word = path.partition("?")[0].split("/")[2 if path.startswith("jobs/") else 0]
        self.house.tally[f"{word} {answer.status_code}"] += 1
        assert answer.status_code < 500, answer.text
        assert time.monotonic() - began < HANGS_SECONDS
        self.stored = self.house.stored()
        if answer.status_code >= 400:
            # Reports are taken or refused one by one; that they came was heard.
            if word == "reports":
                before.tables["runner"] = self.stored.tables["runner"]
            assert self.stored == before, "something of a refused call was stored"
        assert self.house.is_unharmed(self.stored), "it got at somebody else's"
        return int(answer.status_code)


def _quoted(value: Any) -> str:
    return quote(str(value), safe="", errors="surrogatepass")
