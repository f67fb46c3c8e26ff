"""The way from an agent to the server: lost, cut, doubled and late."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runner_client.channel import Refused, Unreachable

if TYPE_CHECKING:
    from tests.simulation.world import World

BASE = "/agents/v1/"
MODES = ("never", "lost", "twice", "again", "garbled")


@dataclass
class Wire:
    """Of one machine. `rules`: [mode, calls left, seconds, what the calls begin with]; of polls,
    those answers are lost that hand out jobs. `cut_until`: nothing passes."""

    world: "World"
    name: str
    rules: list[list[Any]] = field(default_factory=list)
    cut_until: int = 0

    def call(self, path: str, body: Any, secret: str, session: str | None) -> dict[str, Any]:
        """The answer; raises Unreachable or Refused as the real channel does."""
        raw = isinstance(body, bytes)
        content = body if raw else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {secret}"}
        headers["Content-Type"] = "application/octet-stream" if raw else "application/json"
        if session:
            headers["Runner-Session"] = session
        mode, seconds = self._mode(path)
        if mode == "cut" or mode == "never":
            raise Unreachable(mode)
        if mode == "again":  # a copy of the request is on a long way round
            self.world.agenda.after(
                seconds, f"{self.name}: a late copy", lambda: self._post(path, headers, content)
            )
        answer = self._post(path, headers, content)
        if mode == "twice":
            answer = self._post(path, headers, content)
        if answer is None or mode == "lost" or (path == "poll" and self._loses_jobs(answer)):
            raise Unreachable("no answer")
        if mode == "garbled":
            raise Unreachable("<html>502</html>")
        return meaning(*answer)

    def _mode(self, path: str) -> tuple[str, float]:
        if self.world.agenda.now < self.cut_until:
            return "cut", 0
        ready = (each for each in self.rules if not _waits_for_jobs(each))
        rule = next((each for each in ready if path.startswith(each[3])), None)
        return (self._spent(rule), rule[2]) if rule else ("", 0)

    def _loses_jobs(self, answer: Any) -> bool:
        """An answer that hands out none says nothing that the next one does not say again."""
        rule = next(filter(_waits_for_jobs, self.rules), None)
        if rule is None or answer.status != 200 or not json.loads(answer.body)["jobs"]:
            return False
        self._spent(rule)
        return True

    def _spent(self, rule: list[Any]) -> str:
        rule[1] -= 1
        if rule[1] <= 0:
            self.rules.remove(rule)
        self.world.tally.faults[f"wire {rule[0]}"] += 1
        return str(rule[0])

    def _post(self, path: str, headers: dict[str, str], content: bytes) -> Any:
        server = self.world.a_server(self.name)
        if server is None:
            return None
        asked_at = self.world.agenda.now
        answer = server.request(BASE + path, headers, content)
        self.world.judge.answered(path, headers, content, answer, asked_at)
        return answer


def _waits_for_jobs(rule: list[Any]) -> bool:
    return rule[0] in ("lost", "garbled") and rule[3] == "poll"


def meaning(status: int, body: bytes) -> dict[str, Any]:
    """What an answer means to an agent; raises Unreachable or Refused."""
    answer = json.loads(body)
    if 200 <= status < 300:
        return dict(answer)
    if status == 429 or status >= 500:
        raise Unreachable(f"HTTP {status}")
    raise Refused(status, str(answer.get("code", "")), str(answer.get("message")), answer)
