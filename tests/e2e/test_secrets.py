"""A secret on its way from the settings to a job, and where it must not be found."""

import os
import re
from pathlib import Path

from tests.agent_process import processes_with

KEY = "wJalrXUtnFEMI-K7MDENG-bPxRfiCY"
PRINTS = (
    'echo "key $KEY"; printf %s "$KEY" | base64; printf "user:%s" "$KEY" | base64; '
    'for part in $(echo "$KEY" | sed "s/./& /g"); do printf %s "$part"; done; echo; '
    "sh -xc 'curl() { true; }; curl -H \"token $KEY\" example.org'; "
    'echo "core limit $(ulimit -c)"; '
    "echo up; while [ ! -e go ]; do sleep 0.05; done"
)


def test_a_job_is_given_it_and_it_is_found_nowhere_else(house, agent):
    house.keep_secret("KEY", KEY)
    job = house.submit(PRINTS)
    house.running(job, b"up")
    log = house.log(job)
    assert log.startswith(b"key ***\n***\n") and b"K7MDENG" not in log
    assert log.splitlines()[3] == b"***", log
    assert not processes_with(KEY)
    assert b"core limit 0\n" in log
    assert re.search(r"Max core file size +0 ", _limits(agent.process.pid))
    for folder in (agent.home, Path(house.app.extensions["settings"].data_dir)):
        assert not _files_with(folder, KEY.encode())
    next(agent.home.glob("jobs/*/work")).joinpath("go").touch()
    assert house.final(job).status == "done"
    assert KEY not in agent.words() and KEY not in str(house.attempts(job))


def _limits(pid):
    return Path(f"/proc/{pid}/limits").read_text()


def _files_with(folder, text):
    files = [Path(place) / name for place, _, names in os.walk(folder) for name in names]
    assert files
    return [path for path in files if path.is_file() and text in path.read_bytes()]
