"""What templates may call: times, sizes, assets."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, request

from webapp.clock import now
from webapp.engine.resources import cpus
from webapp.engine.words import count
from webapp.models.installation import the_installation
from webapp.pages import pages
from webapp.pages.four_lines import four_lines

_STATIC = Path(__file__).resolve().parent.parent / "static"
_SIZES = ("B", "kB", "MB", "GB", "TB")
_UNITS = ((60, "second"), (60, "minute"), (24, "hour"))


@pages.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {
        "icons": asset("icons.svg"),
        "four_lines": four_lines,
        "endpoints": current_app.view_functions,
        "practice": _practice(),
        "count": count,
    }


@pages.app_template_global()
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it."""
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]


def _practice() -> bool:
    # An installation never changes its kind, so it is asked once.
    known = current_app.extensions
    if "is_practice" not in known:
        known["is_practice"] = the_installation().practice
    return bool(known["is_practice"])


@pages.app_template_filter()
def iso(moment: int) -> str:
    """Epoch milliseconds as HTML wants a time."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pages.app_template_filter()
def utc(moment: int) -> str:
    """Epoch milliseconds as a person reads them."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%-d %b %Y, %H:%M:%S UTC")


@pages.app_template_filter()
def ago(moment: int) -> str:
    """Epoch milliseconds as "16 minutes ago"; live.js says the same words."""
    amount = max(0, now() - moment) / 1000
    if amount < 10:
        return "just now"
    for size, unit in _UNITS:
        if amount < size:
            return f"{count(int(amount), unit)} ago"
        amount /= size
    return f"{count(int(amount), 'day')} ago"


@pages.app_template_filter()
def lasting(milliseconds: int) -> str:
    """A length of time as "2 h 5 min", "1 min 20 s" or "0.4 s"."""
    if milliseconds < 10_000:
        return f"{milliseconds / 1000:.1f} s"
    seconds = milliseconds // 1000
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


@pages.app_template_filter()
def memory(mib: int) -> str:
    """MiB as "64GiB" when that is exact enough, otherwise "16384MiB"."""
    return f"{mib // 1024}GiB" if mib >= 1024 and mib % 1024 == 0 else f"{mib}MiB"


@pages.app_template_filter()
def size(length: int) -> str:
    """Bytes as "1.5 MB"."""
    amount, unit = float(length), 0
    while amount >= 1000 and unit < len(_SIZES) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} B" if unit == 0 else f"{amount:.1f} {_SIZES[unit]}"


@pages.app_template_filter()
def resources(row: Any) -> str:
    """What a machine has, as "CPU 8, Memory 64GiB, GPU V100"."""
    return machine_words(row.cpu_milli, row.memory_mib, [gpu["name"] for gpu in row.gpus])


@pages.app_template_filter()
def asked(job: Any) -> str:
    """What a job needs of a machine, as "CPU 1, Memory 2GiB, GPU V100, label fast-disk"."""
    gpus = [job.gpu_name or "any"] * job.gpu_count
    parts = [machine_words(job.cpu_milli, job.memory_mib, gpus)]
    return ", ".join(parts + [f"label {label}" for label in job.labels])


def machine_words(cpu_milli: int, memory_mib: int, gpus: Sequence[str]) -> str:
    """The same from its parts; empty when nothing is known yet."""
    if not cpu_milli:
        return ""
    parts = [f"CPU {cpus(cpu_milli)}"] + [f"Memory {memory(memory_mib)}"] * bool(memory_mib)
    for name in dict.fromkeys(gpus):
        many = gpus.count(name)
        parts.append(f"GPU {name}" + (f" ×{many}" if many > 1 else ""))
    return ", ".join(parts)
