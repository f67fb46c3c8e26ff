"""How much is tried: the same every time in the suite, something else each time by `make fuzz`."""

from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings

_ALWAYS: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "phases": [
        Phase.generate
    ],  # to make it smaller takes minutes, and what it says is short enough
    "suppress_health_check": list(HealthCheck),
}
FIXED = settings(max_examples=25, stateful_step_count=20, derandomize=True, **_ALWAYS)
LONG = settings(max_examples=20, stateful_step_count=50, **_ALWAYS)


def seeded(number: int | None, what: Any) -> Any:
    """The same, begun with this number unless it is None."""
    return what if number is None else seed(number)(what)
