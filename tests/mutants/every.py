"""All of them."""

from tests.mutants.leaks import LEAKS
from tests.mutants.limits import LIMITS
from tests.mutants.silence import SILENCE
from tests.mutants.work import WORK

EVERY = (*LIMITS, *LEAKS, *WORK, *SILENCE)
