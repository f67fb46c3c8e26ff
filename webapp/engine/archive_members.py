"""What an archive may hold: files, folders and links that stay inside of it. Nothing is unpacked to
find out, and nothing is asked of the disk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MOST_MEMBERS = 50_000
_LONGEST_PATH, _LONGEST_PART = 1000, 255  # bytes
_MOST_LINKS = 40  # as many as Linux follows
_MOST_STEPS = 200_000  # of all links together


class Kind(StrEnum):
    """What a member is; `OTHER`: a device, a pipe, a socket."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    HARD_LINK = "hard link"
    OTHER = "other"


class BadMember(ValueError):
    """One sentence with the member's name."""

    def __init__(self, name: str, sentence: str) -> None:
        shown = "".join(each if each.isprintable() else "?" for each in name[:200])
        super().__init__(f"{shown}: {sentence}")


@dataclass(frozen=True, slots=True)
class Member:
    """`size` in bytes when it is unpacked; `target` is where a link leads."""

    name: str
    kind: Kind
    size: int = 0
    target: str = ""


@dataclass
class Contents:
    """The members of one archive, taken one after the other; `most_bytes` of all of them."""

    most_bytes: int
    size: int = 0
    kinds: dict[str, Kind] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    steps: int = 0

    def take(self, member: Member) -> str | None:
        """Its plain path, None for the folder itself; raises BadMember."""
        path = _plain(member.name)
        if len(self.kinds) >= MOST_MEMBERS:
            raise BadMember(member.name, f"an archive may have {MOST_MEMBERS} members.")
        self.size += member.size
        if self.size > self.most_bytes:
            mib = self.most_bytes // 1024 // 1024
            raise BadMember(member.name, f"unpacked, all would be more than {mib} MiB.")
        if path is None:
            return None
        self._place(member, path)
        return path

    def finish(self) -> None:
        """Look at what can be told only at the end: where the links lead. Raises BadMember."""
        for path in self.kinds:
            for folder in _folders_above(path):
                if folder in self.targets:
                    raise BadMember(path, f"it lies behind the link {folder}.")
        for path, target in self.targets.items():
            self._follow(path, target)

    def _place(self, member: Member, path: str) -> None:
        known = self.kinds.get(path)
        if known and not known == member.kind == Kind.FOLDER:
            raise BadMember(member.name, "it stands in the archive twice.")
        for folder in _folders_above(path):
            if self.kinds.setdefault(folder, Kind.FOLDER) in (Kind.FILE, Kind.HARD_LINK):
                raise BadMember(member.name, f"{folder} is a file, and cannot hold others.")
        if member.kind == Kind.OTHER:
            raise BadMember(member.name, "only files, folders and links are taken, no devices.")
        if member.kind == Kind.HARD_LINK:
            self._check_hard_link(member)
        self.kinds[path] = member.kind
        if member.kind == Kind.LINK:
            self.targets[path] = member.target

    def _check_hard_link(self, member: Member) -> None:
        if self.kinds.get(_plain(member.target) or "") != Kind.FILE:
            raise BadMember(member.name, "a hard link leads to a file that comes before it.")

    def _follow(self, path: str, target: str) -> None:
        place, links = path.split("/")[:-1], 0
        todo = _steps(path, target)
        while todo:
            part = todo.pop()
            self.steps += 1
            if self.steps > _MOST_STEPS:
                raise BadMember(path, "the links of this archive take too long to follow.")
            if part == "..":
                if not place:
                    raise BadMember(path, f"this link leaves the archive: {target[:200]}.")
                place.pop()
                continue
            inner = self.targets.get("/".join([*place, part]))
            if inner is None:
                place.append(part)
                continue
            links += 1
            if links > _MOST_LINKS:
                raise BadMember(path, "this link leads in a circle.")
            todo += _steps(path, inner)


def _steps(path: str, target: str) -> list[str]:
    """The parts of a link's target, the first one last."""
    if target.startswith("/") or not target or not _printable(target):
        raise BadMember(path, f"this link leaves the archive: {target[:200]}.")
    if len(target.encode()) > _LONGEST_PATH:
        raise BadMember(path, f"a link may lead over {_LONGEST_PATH} bytes.")
    return [part for part in reversed(target.split("/")) if part not in ("", ".")]


def _plain(name: str) -> str | None:
    if not _printable(name):
        raise BadMember(name, "a name has no line breaks, backslashes or invisible characters.")
    if name.startswith("/"):
        raise BadMember(name, "a name does not begin with `/`.")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise BadMember(name, "a name with `..` leaves the archive.")
    too_long = any(len(part.encode()) > _LONGEST_PART for part in parts)
    if too_long or len(name.encode()) > _LONGEST_PATH:
        raise BadMember(name, f"a path may have {_LONGEST_PATH} bytes, and {_LONGEST_PART} a part.")
    return "/".join(parts) or None


def _printable(text: str) -> bool:
    # Half of a character (how Python reads names that are not UTF-8) is not printable either.
    return text.isprintable() and "\\" not in text


def _folders_above(path: str) -> Iterator[str]:
    at = path.rfind("/")
    while at > 0:
        yield path[:at]
        at = path.rfind("/", 0, at)
