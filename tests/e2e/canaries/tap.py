"""Everything the server answers goes through here and is kept."""

from typing import NamedTuple

from tests.storm.proxy import Answer, Proxy


class Heard(NamedTuple):
    """One answer; cookies, which are there to carry a secret, are kept apart from the rest."""

    place: str  # method and path
    status: int
    content: bytes
    cookies: bytes


class Tap(Proxy):
    """`heard` grows."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.heard: list[Heard] = []

    def hear(self, method: str, path: str, answer: Answer) -> None:
        status, headers, body = answer
        lines = [(name == "Set-Cookie", f"{name}: {value}\n".encode()) for name, value in headers]
        plain = b"".join(line for is_cookie, line in lines if not is_cookie)
        cookies = b"".join(line for is_cookie, line in lines if is_cookie)
        self.heard.append(
            Heard(f"{method} {path.partition('?')[0]}", status, plain + body, cookies)
        )
