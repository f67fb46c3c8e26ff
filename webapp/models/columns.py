"""Column types that every table shares."""

from typing import Annotated, Any

from flask import current_app
from sqlalchemy import JSON, BigInteger, String, Text
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

Moment = Annotated[int, mapped_column(BigInteger)]  # epoch milliseconds, by the server's clock
Size = Annotated[int, mapped_column(BigInteger)]  # bytes
Status = Annotated[str, mapped_column(String(16))]
Name = Annotated[str, mapped_column(String(100))]
Digest = Annotated[str, mapped_column(String(64), unique=True)]
Sentence = Annotated[str, mapped_column(Text)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]
JsonList = Annotated[list[Any], mapped_column(JSON)]


class Sealed(TypeDecorator[str]):
    """Text that is encrypted in the database and plain only in memory."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else current_app.extensions["keyring"].seal(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else current_app.extensions["keyring"].open(value)
