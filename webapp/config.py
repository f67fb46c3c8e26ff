"""Settings from the environment, validated once. A half-configured server does not start."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from limits import parse_many
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

_FROM_FILE = (
    "SECRET_KEY",
    "ENCRYPTION_KEY",
    "DATABASE_URL",
    "METRICS_TOKEN",
    "S3_SECRET_ACCESS_KEY",
)


def usual_processes() -> int:
    """Two where there are two processors: more of them would take turns at SQLite's one lock."""
    return min(2, os.cpu_count() or 1)


class ConfigurationError(Exception):
    """One sentence that names the variable and what it should be."""


class Settings(BaseModel):
    """Every setting of the server. Field names are the variables' names in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    data_dir: Path = Path("data")
    database_url: str | None = None
    public_url: str | None = None
    secret_key: str | None = None
    encryption_key: str | None = None
    metrics_token: str | None = None
    trusted_proxies: int = Field(0, ge=0, le=10)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    processes: int = Field(default_factory=usual_processes, ge=1, le=64)
    connections: int = Field(4000, ge=10, le=100_000)
    threads: int = Field(200, ge=4, le=20000)
    poll_seconds: float = Field(20, gt=0, le=25)
    heartbeat_seconds: float = Field(10, gt=0, le=60)
    lease_seconds: float = Field(30, gt=0, le=3600)
    stop_grace_seconds: float = Field(10, ge=0, le=3600)
    log_maximum: int = Field(100 * 1024 * 1024, ge=1024)
    artifacts_maximum: int = Field(50 * 1024**3, ge=1024)
    s3_bucket: str | None = None
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_access_key_id: str | None = None
    s3_secret_access_key: str | None = Field(None, validate_default=True)
    tick_seconds: float = Field(1, gt=0, le=60)
    deadman_minutes: int = Field(20, ge=1, le=1440)
    archive_maximum: int = Field(100 * 1024 * 1024, ge=1024, le=1_000_000_000)
    allow_local_repos: bool = False
    login_attempts: str = "10 per minute"
    password_hash: str = Field("scrypt:32768:8:1", pattern=r"^scrypt:\d{4,7}:\d{1,2}:\d{1,2}$")
    api_calls: str = "3000 per minute"

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("login_attempts", "api_calls")
    @classmethod
    def _is_rate(cls, value: str) -> str:
        try:
            parse_many(value)
        except ValueError:
            raise ValueError("it should be such as 10 per minute") from None
        return value

    @field_validator("public_url", "s3_endpoint")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("it should start with http:// or https://")
        return value.rstrip("/") if value else None

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str | None) -> str | None:
        if not value:
            return None
        # What hosting providers hand out; the driver has to be named for SQLAlchemy.
        for scheme in ("postgres://", "postgresql://"):
            if value.startswith(scheme):
                return "postgresql+psycopg://" + value.removeprefix(scheme)
        if not value.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("it should start with postgresql:// or sqlite:///")
        return value

    @field_validator("s3_secret_access_key")
    @classmethod
    def _is_a_pair(cls, value: str | None, info: ValidationInfo) -> str | None:
        if bool(value) != bool(info.data.get("s3_access_key_id")):
            raise ValueError("it goes with S3_ACCESS_KEY_ID: set both or neither")
        return value

    @field_validator("s3_endpoint", "s3_region", "s3_access_key_id")
    @classmethod
    def _goes_with_a_bucket(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and not info.data.get("s3_bucket"):
            raise ValueError("it needs S3_BUCKET beside it")
        return value

    @property
    def database(self) -> str:
        """The URL of the database, by default a SQLite file in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'runners.db'}"

    @property
    def behind_tls(self) -> bool:
        """Whether people reach this server by HTTPS, so that cookies may insist on it."""
        return bool(self.public_url and self.public_url.startswith("https://"))


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises ConfigurationError for the first wrong one."""
    values = {}
    for name in Settings.model_fields:
        value = _read(environ, name.upper())
        if value is not None and value != "":
            values[name] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(_sentence(error)) from None


def _read(environ: Mapping[str, str], name: str) -> str | None:
    file = environ.get(f"{name}_FILE") if name in _FROM_FILE else None
    if not file:
        return environ.get(name)
    if environ.get(name):
        raise ConfigurationError(f"{name} and {name}_FILE are both set: keep one of them.")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{name}_FILE={file} cannot be read: {error.strerror}.") from None


def _sentence(error: ValidationError) -> str:
    # The value itself is left out: it may be a secret.
    first = error.errors(include_input=False, include_url=False)[0]
    return f"The setting {str(first['loc'][0]).upper()} is wrong: {first['msg']}."
