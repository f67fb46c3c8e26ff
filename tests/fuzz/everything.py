"""All readers that are tried."""

from collections.abc import Callable

from tests.fuzz.readers import answers, archives, workflows
from tests.fuzz.shown import addresses, changes, lines, secrets

READERS: tuple[Callable[..., None], ...] = (
    *(archives, workflows, answers),
    *(lines, changes, addresses, secrets),
)
