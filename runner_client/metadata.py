"""EC2's metadata service (IMDSv2): which instance this is, and whether it will be interrupted."""

from __future__ import annotations

import calendar
import json
import os
import time
from pathlib import Path
from typing import NamedTuple

from runner_client import address, wire

_USUAL = "http://169.254.169.254"
_TTL_SECONDS = 21600
_ANSWER_SECONDS = 2


class Notice(NamedTuple):
    """What EC2 announced: `action` is terminate, stop or hibernate; `at` epoch seconds."""

    action: str
    at: float


class Metadata:
    """Raises nothing: no answer is no news. The service is best effort by its own word."""

    def __init__(self) -> None:
        # The variable that AWS's own libraries honour.
        self._url = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or _USUAL
        self._token: str | None = None

    def instance_id(self) -> str | None:
        return self._get("/latest/meta-data/instance-id") or None

    def notice(self) -> Notice | None:
        """The spot interruption that was announced, two minutes ahead at best."""
        return parse_notice(self._get("/latest/meta-data/spot/instance-action"))

    def _get(self, path: str) -> str:
        for _ in range(2):
            if self._token is None:
                header = "X-aws-ec2-metadata-token-ttl-seconds: %d" % _TTL_SECONDS
                self._token = self._ask("PUT", "/latest/api/token", header)[1] or None
            if self._token is None:
                return ""
            header = "X-aws-ec2-metadata-token: " + self._token
            status, text = self._ask("GET", path, header)
            if status != 401:
                return text
            self._token = None  # it has run out
        return ""

    def _ask(self, method: str, path: str, header: str) -> tuple[int, str]:
        try:
            place = address.parse(self._url)
            connection = wire.Wire(place)
            head = "%s %s%s HTTP/1.1\r\nHost: %s\r\n%s\r\nContent-Length: 0\r\n\r\n"
            head %= (method, place.path, path, place.host_header, header)
            answer = connection.exchange(head, b"", _ANSWER_SECONDS)
            connection.close()
        except (OSError, wire.WireError, address.BadAddress):
            return 0, ""
        text = answer.body.decode("utf-8", "replace").strip()
        return answer.status, text if answer.status == 200 else ""


def parse_notice(text: str) -> Notice | None:
    """`{"action": "terminate", "time": "2017-09-18T08:22:00Z"}`; None for anything else."""
    try:
        said = json.loads(text)
        at = calendar.timegm(time.strptime(said["time"], "%Y-%m-%dT%H:%M:%SZ"))
        return Notice(str(said["action"]), at)
    except (ValueError, KeyError, TypeError):
        return None


def find_instance_id(root: Path = Path("/")) -> str | None:
    """The instance id; elsewhere than on EC2 nothing is asked, so that nothing has to time out."""
    tag = _text(root / "sys/class/dmi/id/board_asset_tag")
    if tag.startswith("i-"):
        return tag
    on_xen = _text(root / "sys/hypervisor/uuid").startswith("ec2")
    if on_xen or os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT"):
        return Metadata().instance_id()
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:  # not EC2, or a kernel that does not say
        return ""
