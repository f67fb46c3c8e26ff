"""Fetching one file."""

import shlex
from dataclasses import replace

from webapp.engine.jobs import JobSpec
from webapp.engine.paths import below

_NO_CURL = "This machine has no curl. Install it, or fetch the file with a command of your own."


def curl(shared: JobSpec, url: str, output: str) -> JobSpec:
    """`output` is the file to write, and what is kept when no artifacts are named."""
    folder, slash, _ = output.rpartition("/")
    lines = [f"command -v curl >/dev/null || {{ echo '{_NO_CURL}' >&2; exit 127; }}"]
    lines += [f"mkdir -p -- {shlex.quote(folder)} &&"] * bool(slash)
    # Joined to its option, a name may begin with a dash.
    lines += [f"exec curl -fsSL -o{shlex.quote(output)} --url {shlex.quote(url)}"]
    place = below(f"{shared.working_dir or '.'}/{output}")  # artifacts are below the job's folder
    artifacts = shared.artifacts or (place,)
    return replace(shared, commands="\n".join(lines), artifacts=artifacts)
