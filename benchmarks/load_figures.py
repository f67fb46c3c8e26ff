"""What was seen under load, as figures."""

from collections import Counter
from collections.abc import Iterator

from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.load_run import Seen


def figures(name: str, seen: Seen) -> Iterator[Figure]:
    """Beside the targets of the load: nothing lost, nothing refused, nothing above a second."""
    lost = seen.sent.keys() - seen.got.keys()
    yield Figure(f"{name}.jobs", len(seen.sent), "jobs")
    yield Figure(f"{name}.lost", len(lost), "jobs", at_most=0)
    yield Figure(f"{name}.troubles", len(seen.troubles), "answers", at_most=0)
    for who, share in seen.cores.items():
        yield Figure(f"{name}.core_{who}", share * 100, "%")
    yield from _memory(name, seen.memory)
    yield from _times(name, seen)
    for words, number in Counter(seen.troubles).most_common(5):
        print(f"# {number} times: {words}")


def _memory(name: str, samples: list[float]) -> Iterator[Figure]:
    """The third quarter beside the fourth: flat in the last half."""
    quarter = len(samples) // 4
    third, fourth = samples[2 * quarter : 3 * quarter], samples[3 * quarter :]
    yield Figure(f"{name}.memory", samples[-1], "MiB")
    grown = sum(fourth) / len(fourth) - sum(third) / max(1, len(third))
    yield Figure(f"{name}.memory_grown", grown, "MiB", at_most=10)


def _times(name: str, seen: Seen) -> Iterator[Figure]:
    dispatch = [max(0.0, seen.got[run] - at) for run, at in seen.sent.items() if run in seen.got]
    kinds = {"submit": seen.submits, "report": seen.reports, "page": seen.pages}
    for kind, values in {**kinds, "dispatch": dispatch}.items():
        most = 200 if kind == "page" else None
        yield Figure(f"{name}.{kind}_p50", milliseconds(percentile(values, 50)), "ms")
        yield Figure(f"{name}.{kind}_p99", milliseconds(percentile(values, 99)), "ms", at_most=most)
        if kind in kinds:
            yield Figure(f"{name}.{kind}_slowest", milliseconds(max(values)), "ms", at_most=1000)
    everything = [each for values in kinds.values() for each in values]
    above = sum(each > 1 for each in everything)
    yield Figure(f"{name}.above_1s", above, f"of {len(everything)} requests", at_most=0)
