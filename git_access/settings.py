"""The environment of a git that has nobody's settings, asks nobody and runs no hook."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Mapping

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# How this machine reaches the outside is the machine's affair.
_KEPT = [
    *("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE"),
    *("http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
]
_NAME = ".gitconfig"  # a git older than 2.32 knows only this place
_CONFIG = """[core]
	hooksPath = /dev/null
	fsmonitor = false
[credential]
	helper =
[safe]
	directory = *
[protocol]
	version = 2
[gc]
	auto = 0
[maintenance]
	auto = false
[http]
	lowSpeedLimit = 1000
	lowSpeedTime = 60
[init]
	defaultBranch = main
[advice]
	detachedHead = false
"""
_LFS = """[filter "lfs"]
	clean = git-lfs clean -- %f
	smudge = git-lfs smudge -- %f
	process = git-lfs filter-process
	required = true
"""


def write_config(home: Path) -> None:
    """The only settings that git reads; raises OSError."""
    text = _CONFIG + (_LFS if shutil.which("git-lfs") else "")
    (home / _NAME).write_text(text, encoding="utf-8")


def environment(
    home: Path, ssh_command: str, askpass: Path, local: bool, own: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """`local`: the repository lies on this machine's disk. `own` is our environment."""
    protocols = "https:http:ssh" + (":file" if local else "")
    kept = {name: own[name] for name in _KEPT if name in own}
    return {
        "PATH": _PATH,
        **kept,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / _NAME),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_ASKPASS": str(askpass),
        "SSH_ASKPASS": str(askpass),
        "SSH_ASKPASS_REQUIRE": "force",
        "DISPLAY": "none",  # before OpenSSH 8.4 it asked the program only when there was a display
        "GIT_SSH_COMMAND": ssh_command,
        "GIT_SSH_VARIANT": "ssh",
    }
