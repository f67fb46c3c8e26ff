"""The one user of practice AWS and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

USER = "practice"


@dataclass(frozen=True)
class Keys:
    access_key_id: str
    secret_access_key: str


def _iam() -> Any:
    return iam_backends[DEFAULT_ACCOUNT_ID]["aws"]


def create_keys() -> Keys:
    _iam().create_user("us-east-1", USER)
    key = _iam().create_access_key(USER)
    return Keys(key.access_key_id, key.secret_access_key)


def reset_moto(keys: Keys) -> None:
    """Forget all that moto remembers, and let the keys stay good."""
    for name in ("ec2", "iam", "sts"):
        get_backend(name).reset()
    _iam().create_user("us-east-1", USER)
    key = _iam().create_access_key(USER)
    _iam().access_keys.pop(key.access_key_id, None)
    key.access_key_id, key.secret_access_key = keys.access_key_id, keys.secret_access_key
    _iam().access_keys[key.access_key_id] = key
