"""What hiding secrets costs the log of a job: bytes a second into the spool, with and without."""

import base64
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from runner_client.mask import Mask
from runner_client.process import READ_BYTES
from runner_client.spool import Spool

_LINE = "2026-01-01 00:00:00 INFO epoch {:5} loss {:.6f} accuracy {:.4f} /data/{}.npz\n"


def measure(megabytes: int = 16, rounds: int = 5) -> Iterator[Figure]:
    """Best of `rounds`; all in turn, so that a busy moment meets each of them."""
    chance = random.Random(1)
    log = _log(chance, megabytes * 1_000_000)
    one = [_token(chance)]
    key = "\n".join(_token(chance, 48) for _ in range(27))
    many = [key, *(_token(chance) for _ in range(20))]
    masks = {"none": None, "one": Mask(one), "many": Mask(many)}
    best = dict.fromkeys(masks, float("inf"))
    for _ in range(rounds):
        for name, mask in masks.items():
            best[name] = min(best[name], _seconds(log, mask))
    yield Figure("masking.none", len(log) / best["none"] / 1e6, "MB/s")
    for name in ("one", "many"):
        yield Figure(f"masking.{name}", len(log) / best[name] / 1e6, "MB/s")
        yield Figure(f"masking.{name}_ratio", best["none"] / best[name], "x_none")


def _seconds(log: bytes, mask: Mask | None) -> float:
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder) / "spool", len(log))
        if mask:
            spool.hide(mask)
        began = time.perf_counter()
        for place in range(0, len(log), READ_BYTES):
            spool.append(log[place : place + READ_BYTES])
        spool.end()
        took = time.perf_counter() - began
        spool.close()
    return took


def _log(chance: random.Random, size: int) -> bytes:
    lines = [
        _LINE.format(chance.randrange(10**5), chance.random(), chance.random(), _token(chance, 6))
        for _ in range(5000)
    ]
    page = "".join(lines).encode()
    return (page * (size // len(page) + 1))[:size]


def _token(chance: random.Random, size: int = 30) -> str:
    return base64.b64encode(chance.randbytes(size)).decode()
