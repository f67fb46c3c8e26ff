import pytest

from webapp.engine.spot_role import MISSING, NOT_KNOWN, THERE, Signs, spot_role

EARLY, LATE = 1_764_000_000_000, 1_764_000_060_000
COMMAND = "with the command below"


@pytest.mark.parametrize(
    ("signs", "state", "words"),
    [
        (Signs(), NOT_KNOWN, COMMAND),
        (Signs(dry_run="AWS says no."), MISSING, "AWS says no."),
        (Signs(dry_run="AWS says no.", taken_at=LATE), MISSING, COMMAND),
        (Signs(refused_at=LATE), MISSING, "at 2025-11-24 16:01 UTC"),
        (Signs(refused_at=LATE, taken_at=EARLY), MISSING, COMMAND),
        (Signs(refused_at=EARLY, taken_at=LATE), THERE, "at 2025-11-24 16:01 UTC"),
        (Signs(taken_at=LATE), THERE, "took a spot request"),
        (Signs(listed="sir-1"), THERE, "sir-1"),
        (Signs(refused_at=EARLY, listed="sir-1"), MISSING, COMMAND),
    ],
)
def test_what_ec2_has_shown_decides(signs, state, words):
    found, sentence = spot_role(signs)
    assert found == state
    assert words in sentence
