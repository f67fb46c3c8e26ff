"""A process and what it started, as the kernel tells it."""

from pathlib import Path


def family(pid: int) -> list[int]:
    """This process and what it started, and what they started; nobody when it has ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in family(int(child)))]
