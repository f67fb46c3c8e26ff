"""Archives of every kind, good and bad, as bytes."""

import gzip
import io
import stat
import tarfile
import zipfile

Files = dict[str, bytes | str]


def told(value: object) -> str:
    """The name of a case: what is a text in it. The bytes would make a very long one."""
    return value if isinstance(value, str) else type(value).__name__


def tar(files: Files, *entries: tarfile.TarInfo, mode: str = "w:gz") -> bytes:
    """Files, and then entries without content; the same bytes at any time."""
    plain = _tar(files, *entries)
    return gzip.compress(plain, mtime=0) if mode == "w:gz" else plain


def _tar(files: Files, *entries: tarfile.TarInfo) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for entry in entries:
            archive.addfile(entry)
    return target.getvalue()


def entry(name: str, kind: bytes, target: str = "", size: int = 0) -> tarfile.TarInfo:
    """An entry of a tar archive."""
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, target, size
    return made


def zipped(files: Files, links: dict[str, str] | None = None, method: int = 8) -> bytes:
    """A zip archive, made on Linux."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name, leads_to in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, leads_to)
    return target.getvalue()


def bomb(size: int) -> bytes:
    """A tar archive of one file of zeros, packed a thousandfold."""
    head = entry("zeros", tarfile.REGTYPE, size=size).tobuf()
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb") as file:
        file.write(head)
        for _ in range(size // 65536):
            file.write(b"\0" * 65536)
        file.write(b"\0" * 1024)
    return target.getvalue()
