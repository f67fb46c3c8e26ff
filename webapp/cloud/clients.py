"""boto3 clients: made once per region and kept; every failure of theirs becomes a CloudError."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.loaders import create_loader  # type: ignore[import-untyped]

from webapp.cloud.errors import CloudError, refusal, silence

# One attempt: repeating is the tasks' own work, with their own back-off, and a call must be over
# long before EC2 could still show something of it (engine/plan/sightings.py: VISIBLE_AFTER).
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 1},
    max_pool_connections=20,
)
# It keeps what it has read. To read EC2's description anew for each session takes longer than a
# launch may.
_LOADER = create_loader()


@dataclass(frozen=True)
class Credentials:
    """Keys, or None for the standard credential chain of the host."""

    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)


class Clients:
    """Thread-safe. Endpoints only by the variables that boto3 itself honours."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._lock = threading.Lock()  # making clients is not thread-safe, using them is
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None

    def ec2(self, region: str) -> Any:
        """The EC2 client of a region."""
        return self._client("ec2", region)

    def sts(self, region: str) -> Any:
        """The STS client."""
        return self._client("sts", region)

    def _client(self, service: str, region: str) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                with aws_errors():
                    made = self._session_().client(service, region_name=region, config=_CONFIG)
                self._clients[service, region] = made
            return self._clients[service, region]

    def _session_(self) -> Any:
        if self._session is None:
            keys, core = self._credentials, botocore.session.Session()
            core.register_component("data_loader", _LOADER)
            self._session = boto3.session.Session(
                botocore_session=core,
                aws_access_key_id=keys.access_key_id,
                aws_secret_access_key=keys.secret_access_key,
                aws_session_token=keys.session_token,
            )
        return self._session


@contextmanager
def aws_errors() -> Iterator[None]:
    """Turn what botocore raises into CloudError."""
    try:
        yield
    except ClientError as error:
        answer = error.response
        details = answer.get("Error", {})
        status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
        code, message = str(details.get("Code", "")), str(details.get("Message", ""))
        raise refusal(code, message, status) from None
    except (NoCredentialsError, PartialCredentialsError):
        sentence = "This host has no AWS credentials that can be used."
        raise CloudError("permission", "NoCredentials", sentence, definite=True) from None
    except BotoCoreError as error:
        raise silence(type(error).__name__) from None
