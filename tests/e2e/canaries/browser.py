"""A person's browser, as far as secrets are concerned: cookies, forms, and no JavaScript."""

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

_TOKEN = re.compile(r'name="csrf_token" [^>]*value="([^"]+)"')


class Browser:
    """Everything is asked of `url`."""

    def __init__(self, url: str) -> None:
        self._url, self.jar = url, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> tuple[int, str]:
        """Status and text, wherever it led."""
        return self._open(urllib.request.Request(self._url + path))

    def send(self, path: str, page: str | None = None, **fields: Any) -> tuple[int, str]:
        """Fill in the form that is on `page` (by default at `path` itself) and send it."""
        _, text = self.get(page or path)
        found = _TOKEN.search(text)
        assert found, f"no form at {page or path}: {text[:300]}"
        fields["csrf_token"] = html.unescape(found[1])
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self._url + path, body))

    def session(self) -> str:
        """The cookie that stands for the person."""
        (value,) = [cookie.value for cookie in self.jar if cookie.name == "runners_session"]
        return value

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
