"""Paths that a workflow names: below the folder of its job, whatever they are made of."""

_LONGEST, _LONGEST_PART = 500, 255  # bytes; of a part, as file systems have it


def below(path: str, *, itself: bool = False) -> str:
    """The plain form of a relative path: `./data//raw/` -> `data/raw`.

    With `itself`, `.` alone means the whole folder; nothing else comes to mean it by accident.
    Raises ValueError with what was expected.
    """
    if itself and path == ".":
        return path
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or path.startswith(("/", "~")) or ".." in parts or not _writable(path, parts):
        hint = "; a single dot is the whole folder" if itself else ""
        raise ValueError(f"a path below the job's folder such as data/raw, without `..`{hint}")
    return "/".join(parts)


def _writable(path: str, parts: list[str]) -> bool:
    """Whether a file system can have it, and a page can show it."""
    sizes = [len(part.encode("utf-8", "replace")) for part in parts]
    short = max(sizes) <= _LONGEST_PART and sum(sizes) + len(sizes) <= _LONGEST
    return short and path.isprintable()
