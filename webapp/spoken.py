"""A word that is announced, and what waiting jobs ask, as text for other processes."""

import json
from collections import Counter
from dataclasses import asdict

from webapp.engine.resources import Ask

#: Words that no transaction announces.
OF_NO_TRANSACTION = ("log:", "poll:")


def said(word: str, demand: Counter[Ask] | None, by: str = "") -> str:
    """`demand` None: too much to say; whoever hears it looks by itself. `by`: who says it."""
    asks = None
    if demand is not None:
        asks = [({**asdict(ask), "labels": sorted(ask.labels)}, n) for ask, n in demand.items()]
    return json.dumps([word, asks, by])


def heard(text: str | bytes) -> tuple[str, Counter[Ask] | None, str]:
    """What was said."""
    word, asks, by = json.loads(text)
    if asks is None:
        return word, None, by
    demand = {Ask(**{**ask, "labels": frozenset(ask["labels"])}): number for ask, number in asks}
    return word, Counter(demand), by
