"""What a new machine does first: a shell script of at most 16 KB, from its settings alone.

The order matters. The dead-man's switch comes before anything that can fail or hang, so that a
machine whose network, package mirror or agent is broken still ends by itself: an instance of a
one-time spot request is terminated by its own shutdown, and RunInstances is told to do the same.
"""

from dataclasses import dataclass, field
from shlex import quote

LIMIT = 16 * 1024  # bytes before base64, EC2's limit


@dataclass(frozen=True, slots=True)
class Settings:
    """`url`: how the machine reaches the server; `token`: its one-use bootstrap token;
    `deadman_minutes`: it shuts down after so long without server and work."""

    url: str
    token: str = field(repr=False)
    deadman_minutes: int
    container: bool
    git: bool = False


def user_data(settings: Settings) -> str:
    """The script; raises ValueError when it is too long."""
    installs = (_GIT if settings.git else "") + (_ENGINE if settings.container else "")
    text = _SCRIPT.format(
        minutes=settings.deadman_minutes,
        url=quote(settings.url),
        token=quote(settings.token),
        installs=installs,
    )
    if len(text.encode()) > LIMIT:
        raise ValueError(f"the user data is longer than {LIMIT} bytes")
    return text


# The token is passed on standard input: an argv can be read by every process of the machine.
_SCRIPT = """#!/bin/sh
shutdown -h +{minutes}
set -eu
export DSTACK_DEADMAN_MINUTES={minutes}
export HOME="${{HOME:-/root}}"
cd "$HOME"
SERVER={url}
# The machine is the agent's alone, and a practice machine shares the disk of its host.
export PREFIX="$HOME/.local"
PATH="$PREFIX/bin:$PATH"
again() {{
  n=0
  until "$@"; do
    n=$((n + 1))
    [ "$n" -lt 60 ] || return 1
    sleep 5
  done
}}
{installs}again curl -fsS --retry 3 -o get-dstack-runner.sh "$SERVER/runner"
again sh get-dstack-runner.sh
configure() {{
  printf '%s\\n' {token} | dstack-runner config --server "$SERVER" --token -
}}
again configure
exec dstack-runner start
"""
_GIT = """export DEBIAN_FRONTEND=noninteractive
if ! command -v git >/dev/null; then
  again apt-get -q update
  again apt-get -q -y install --no-install-recommends git openssh-client
fi
"""
_ENGINE = """export DEBIAN_FRONTEND=noninteractive
if ! command -v docker >/dev/null && ! command -v podman >/dev/null; then
  again apt-get -q update
  again apt-get -q -y install --no-install-recommends docker.io
fi
"""
