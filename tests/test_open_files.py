"""The limits of a process are changed: each test does so in one of its own."""

import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
from webapp.open_files import room_for

soft, hard, connections = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(room_for(connections), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "connections", "fit", "after"),
    [
        (3000, 3000, 2000, 2000, 3000),
        (1024, 4000, 2000, 2000, 2500),
        (1024, 2000, 2000, 1500, 2000),
        (256, 256, 2000, 1, 256),
    ],
    ids=["enough", "raised", "raised as far as it goes", "hardly any"],
)
def test_the_limit_is_raised_as_far_as_needed_and_possible(soft, hard, connections, fit, after):
    given = [str(each) for each in (soft, hard, connections)]
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, *given], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [str(fit), str(after)]
    assert ("connections at once" in said.stderr) == (fit < connections)
