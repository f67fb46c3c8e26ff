"""Sizes, times and numbers of processors as people write them in a workflow file.

Every function raises ValueError with a sentence that says what was expected.
"""

import re

_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(i?B?)", re.IGNORECASE)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.IGNORECASE)
_MIB = 1024 * 1024

MOST_MEMORY_MIB = 64 * _MIB  # 64 TiB; what is more is a slip of the pen
MOST_SECONDS = 366 * 24 * 3600
MOST_CPU_MILLI = 4096 * 1000


def memory_mib(value: object) -> int:
    """MiB of `512` (MiB already), `"512MiB"`, `"16GB"`; a part of a MiB counts as one.

    GB is read as GiB, as the machines of EC2 are described and as `docker --memory` reads it.
    """
    expected = 'a size such as "16GB" or "512MiB", or a whole number of MiB'
    if isinstance(value, int) and not isinstance(value, bool):
        mib = value
    else:
        mib = _mib_of_text(str(value).strip(), expected)
    return _between(mib, 1, MOST_MEMORY_MIB, expected)


def seconds(value: object) -> int:
    """Seconds of `90`, `"90"`, `"45s"`, `"1h30m"`, `"2d"`."""
    expected = 'a number of seconds, or a time such as "45s", "10m" or "1h30m"'
    text = str(value).strip()
    if _whole(text):
        return _between(int(text), 1, MOST_SECONDS, expected)
    match = _DURATION.fullmatch(text[:40])
    if not match or not text or isinstance(value, float):
        raise ValueError(expected)
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    return _between(total, 1, MOST_SECONDS, expected)


def cpu_milli(value: object) -> int:
    """Thousandths of a processor of `2`, `0.5` or `"1.5"`."""
    expected = "a number of processors such as 2 or 0.5"
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text):
        raise ValueError(expected)
    return _between(round(float(text) * 1000), 1, MOST_CPU_MILLI, expected)


def _mib_of_text(text: str, expected: str) -> int:
    match = _MEMORY.fullmatch(text[:40])
    if not match or not (match[2] or match[3]):
        raise ValueError(expected)
    size = float(match[1]) * 1024 ** _POWERS[match[2].upper()]
    return -int(-size // _MIB)


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


def _between(number: int, least: int, most: int, expected: str) -> int:
    if not least <= number <= most:
        raise ValueError(f"{expected}, from {least} to {most}")
    return number
