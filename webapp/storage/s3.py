"""Artifacts in a bucket. Runners read and write there by URLs that are good for one thing and some
hours; the keys stay here."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from webapp.storage.content import CannotKeep, Content, Next, Place, Put
from webapp.storage.keys import key_of
from webapp.storage.s3_parts import parts_of
from webapp.storage.s3_reading import ObjectReader

_HOURS = 6
_IN_ONE_PUT = 256 * 1024 * 1024
_READ_BYTES = 1024 * 1024
_PART = 64 * 1024 * 1024
_MOST_PUTS = 16
_GONE = ("404", "NoSuchKey", "NoSuchUpload")
_PASSING = ("SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "503", "500")


@dataclass(frozen=True)
class S3Store:
    """`checks`: the endpoint is AWS itself, which refuses an upload whose digest is not the one
    that was signed. Any other endpoint is not believed: the server reads what arrived."""

    client: Any
    bucket: str
    checks: bool
    in_one_put: int = _IN_ONE_PUT
    part: int = _PART

    @property
    def name(self) -> str:
        """As blobs remember it."""
        return f"s3:{self.bucket}"

    def new_key(self, place: Place, path: str, sha256: str) -> str:
        """Where people look for it. (Others with the same content refer to it there.)"""
        return key_of(place, path)

    def receive(self, content: Content, offset: int, chunk: bytes) -> Next:
        """Look what arrived; if there is more to come, where to send it. Raises CannotKeep."""
        with _in_words():
            if content.size <= self.in_one_put:
                return self._one(content)
            return self._parts(content)

    def digest(self, content: Content) -> str:
        """SHA-256 of what is there: AWS's word for it, or read from end to end."""
        with _in_words():
            if self.checks and content.size <= self.in_one_put:
                head = self._do("head_object", content, ChecksumMode="ENABLED")
                if "ChecksumSHA256" in head:
                    return base64.b64decode(head["ChecksumSHA256"]).hex()
            body, hashed = self._do("get_object", content)["Body"], hashlib.sha256()
            for piece in body.iter_chunks(_READ_BYTES):
                hashed.update(piece)
            return hashed.hexdigest()

    def settle(self, content: Content) -> None:
        """An object is durable when S3 has it."""

    def secure(self, contents: Any) -> None:
        """The same."""

    def open(self, content: Content) -> BinaryIO:
        """To read and seek in."""

        def read(start: int, size: int) -> bytes:
            with _in_words():
                span = f"bytes={start}-{start + size - 1}"
                return self._do("get_object", content, Range=span)["Body"].read()

        return ObjectReader(read, content.size)

    def url(self, content: Content) -> str | None:
        """Where a runner reads it."""
        return self._sign("get_object", content)

    def delete(self, content: Content) -> None:
        """The object, and parts that never became one."""
        with _in_words():
            if content.upload:
                self._forgiving("abort_multipart_upload", content, UploadId=content.upload)
            self._do("delete_object", content)

    def show(self, place: Place, files: Any) -> None:
        """People see the keys themselves."""

    def hide(self, place: Place) -> None:
        """Keys go with their contents."""

    def shown(self) -> list[Place]:
        """Nothing but the contents."""
        return []

    def _one(self, content: Content) -> Next:
        head = self._forgiving("head_object", content)
        if head and head["ContentLength"] == content.size:
            return Next(arrived=True)
        if head:
            self._do("delete_object", content)
        sha = base64.b64encode(bytes.fromhex(content.sha256)).decode()
        # Both are signed: nothing else may be put there, and nothing over what is there.
        headers = {"x-amz-checksum-sha256": sha, "If-None-Match": "*"}
        url = self._sign("put_object", content, ChecksumSHA256=sha, IfNoneMatch="*")
        return Next(puts=(Put(url, headers, 0, content.size),))

    def _parts(self, content: Content) -> Next:
        if content.upload is None:
            # Complete already, and our answer to that was lost? Then this is the whole object.
            head = self._forgiving("head_object", content)
            if head and head["ContentLength"] == content.size:
                return Next(arrived=True)
            return Next(upload=self._do("create_multipart_upload", content)["UploadId"])
        wanted = parts_of(content.size, self.part)
        held = self._held(content)
        if held is None:
            head = self._forgiving("head_object", content)
            return Next(arrived=True) if head else Next(upload="")
        rest = [p for p in wanted if held.get(p.number, ("", -1))[1] != p.size]
        if rest:
            return Next(puts=tuple(self._put_of(content, part) for part in rest[:_MOST_PUTS]))
        parts = [{"PartNumber": p.number, "ETag": held[p.number][0]} for p in wanted]
        about = {"UploadId": content.upload, "MultipartUpload": {"Parts": parts}}
        self._do("complete_multipart_upload", content, **about)
        return Next(arrived=True)

    def _put_of(self, content: Content, part: Any) -> Put:
        about = {"UploadId": content.upload, "PartNumber": part.number}
        return Put(self._sign("upload_part", content, **about), {}, part.offset, part.size)

    def _held(self, content: Content) -> dict[int, tuple[str, int]] | None:
        """Number -> (ETag, size) of the parts that arrived; None when S3 knows no such upload."""
        held: dict[int, tuple[str, int]] = {}
        after = 0
        while True:
            about = {"UploadId": content.upload, "PartNumberMarker": after}
            page = self._forgiving("list_parts", content, **about)
            if page is None:
                return None
            for part in page.get("Parts", ()):
                held[part["PartNumber"]] = (part["ETag"], part["Size"])
            if not page.get("IsTruncated"):
                return held
            after = page["NextPartNumberMarker"]

    def _do(self, call: str, content: Content, **about: Any) -> Any:
        return getattr(self.client, call)(Bucket=self.bucket, Key=content.key, **about)

    def _forgiving(self, call: str, content: Content, **about: Any) -> Any:
        """None when there is no such thing."""
        try:
            return self._do(call, content, **about)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise

    def _sign(self, call: str, content: Content, **about: Any) -> str:
        where = {"Bucket": self.bucket, "Key": content.key, **about}
        url: str = self.client.generate_presigned_url(call, Params=where, ExpiresIn=_HOURS * 3600)
        return url


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        words = f"S3 refused: {code}, {error.response['Error'].get('Message', '')}".rstrip(", .")
        raise CannotKeep(f"{words}.", passing=code in _PASSING) from error
    except BotoCoreError as error:
        raise CannotKeep(f"S3 does not answer ({type(error).__name__}).", passing=True) from error
