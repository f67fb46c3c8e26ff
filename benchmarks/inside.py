"""The application in this process and one thread, and what each of its calls costs."""

import io
import json
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.crowd import MACHINE, reports_of
from benchmarks.pages import FIELD, poll_path
from benchmarks.processes import NotThere
from benchmarks.workflows import one_job
from webapp import create_app
from webapp.clock import system_clock
from webapp.config import Settings
from webapp.engine.states import Actor
from webapp.models.event import Who
from webapp.models.token import new_token
from webapp.models.transaction import writing
from webapp.models.user import add_user
from webapp.start import prepare

PERSON, _PASSWORD = "bench", "only for measuring"
_SETTINGS = {
    "poll_seconds": 0.001,  # an idle poll answers at once
    "lease_seconds": 3600,
    "api_calls": "1000000 per minute",
    "password_hash": "scrypt:1024:8:1",
}


class Inside:
    """One person with a token and a session, one runner that has started."""

    def __init__(self, app: Any, token: str) -> None:
        self.app, self._token = app, token
        self._cookie = ""
        self._session = str(uuid.uuid4())
        hello = {"protocol": 1, "agent_version": "0.1.0", "clock": system_clock()}
        hello["machine_id"] = secrets.token_hex(32)
        answer = self._agent("runners", {**hello, "name": "peer"}, token)
        self._credential = answer["credential"]
        about = {"session": self._session, "previous_session": None, "machine": MACHINE}
        self._agent("start", {**hello, **about})

    def submit(self, body: Any = None) -> str:
        """Name of a new run."""
        answer = self.call("POST", "/api/runs/submit", body or one_job("true"), self._token)
        return json.loads(answer)["run_name"]

    def poll(self) -> list[dict[str, Any]]:
        """One poll of the runner, which holds nothing."""
        return self._agent("poll", {"holding": [], "slots": 4})["jobs"]

    def end(self, jobs: list[dict[str, Any]]) -> None:
        """Report that they ran."""
        self._agent("reports", {"reports": reports_of(jobs)})

    def page(self, path: str) -> bytes:
        """A page as the person sees it."""
        if not self._cookie:
            self._log_in()
        return self.call("GET", path)

    def fresh(self, page: str) -> str:
        """What that page asks to learn what is new."""
        return poll_path(self.page(page))

    def _log_in(self) -> None:
        found = FIELD.search(self.call("GET", "/login"))
        form = {"name": PERSON, "password": _PASSWORD}
        form |= {"csrf_token": found[1].decode()} if found else {}
        self.call("POST", "/login", urlencode(form).encode())

    def _agent(self, path: str, body: Any, secret: str = "") -> Any:
        secret = secret or self._credential
        return json.loads(self.call("POST", f"/agents/v1/{path}", body, secret))

    def call(self, method: str, path: str, body: Any = b"", secret: str = "") -> bytes:
        """The body of the answer; raises NotThere when it is a refusal."""
        form = isinstance(body, bytes)
        content = body if form else json.dumps(body).encode()
        place, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(content)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if form else "application/json",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(content),
            "wsgi.errors": io.StringIO(),
            "HTTP_RUNNER_SESSION": self._session,
        }
        if secret:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        else:
            environ["HTTP_COOKIE"] = self._cookie
        return self._answer(environ)

    def _answer(self, environ: dict[str, Any]) -> bytes:
        told: list[Any] = []
        parts = self.app.wsgi_app(
            environ, lambda status, headers, *_: told.extend((status, headers))
        )
        answer = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        for name, value in told[1]:
            if name == "Set-Cookie":
                self._cookie = value.partition(";")[0]
        if int(told[0][:3]) >= 400:
            raise NotThere(f"{environ['PATH_INFO']}: {told[0]} {answer[:300]!r}")
        return answer


@contextmanager
def inside(folder: Path, **settings: Any) -> Iterator[Inside]:
    """An empty installation in that folder."""
    app = create_app(Settings(data_dir=folder / "data", **{**_SETTINGS, **settings}))
    prepare(app)
    with app.app_context(), writing():
        user = add_user(
            Who(Actor.PERSON, PERSON), PERSON, "b@example.org", "admin", _PASSWORD, system_clock()
        )
        token = new_token(Who(Actor.PERSON, PERSON), user, system_clock())
    app.extensions["heartbeats"].gathers = True  # as while a scheduler runs
    yield Inside(app, token)


def cost(work: Callable[[], Any], times: int) -> float:
    """Milliseconds of processor that this thread spends on it, the median of so many."""
    taken = []
    for _ in range(times):
        began = time.thread_time()
        work()
        taken.append(time.thread_time() - began)
    return sorted(taken)[len(taken) // 2] * 1000
