"""A process and what it started, as the kernel tells it."""

from pathlib import Path


def family(pid: int) -> list[int]:
    """This process and what it started, and what they started; nobody when it has ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in family(int(child)))]


def alive(pid: int) -> bool:
    """Whether it runs still; one that has ended and was not asked for its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
