"""ClientToken: the same call twice is one call; the same token for another call is refused.

EC2 keeps a token for about a day; this registry keeps it until the simulator is reset.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aws_simulator.ec2.errors import Refusal

NOT_COMPARED = ("ClientToken", "DryRun")


class ClientTokens:
    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], tuple[str, list[str]]] = {}

    def earlier(self, key: tuple[str, str, str], parameters: Any) -> list[str] | None:
        """Ids made by the first call under (region, operation, token), None when new."""
        if not key[2] or key not in self._seen:
            return None
        fingerprint, ids = self._seen[key]
        if fingerprint != _fingerprint(parameters):
            raise Refusal(
                "IdempotentParameterMismatch",
                "Arguments on this idempotent request are inconsistent with arguments used in "
                "previous request(s).",
            )
        return ids

    def remember(self, key: tuple[str, str, str], parameters: Any, ids: list[str]) -> None:
        if key[2]:
            self._seen[key] = (_fingerprint(parameters), ids)


def _fingerprint(parameters: dict[str, Any]) -> str:
    compared = {name: value for name, value in parameters.items() if name not in NOT_COMPARED}
    text = json.dumps(compared, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
