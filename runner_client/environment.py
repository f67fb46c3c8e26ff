"""The variables that a job sees: a clean base, what the server sends, the GPUs it was given."""

from __future__ import annotations

import os
import socket
from typing import Mapping

from runner_client import proc
from runner_client.folders import Folder
from runner_client.job_spec import JobSpec

# Nothing else of the agent's own environment reaches a job: its credentials may be in there.
_KEPT = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def base(own: Mapping[str, str] = os.environ) -> dict:
    """What a process needs that the agent starts; also for the container engine's command line."""
    kept = {name: own[name] for name in _KEPT if name in own}
    return dict({"PATH": _PATH, "HOME": "/", "LANG": "C.UTF-8"}, **kept)


def of_job(spec: JobSpec, gpus: list[int] | None, secrets: dict) -> dict:
    """The job's own variables; `gpus` None: the machine has none, so there is nothing to hide."""
    variables = {"HOSTNAME": socket.gethostname()}
    if gpus is not None:
        # nvidia-smi counts in the order of the bus; CUDA by itself puts the fastest first.
        variables["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
        variables["CUDA_VISIBLE_DEVICES"] = ",".join(str(number) for number in gpus)
    return dict(variables, **dict(spec.environment, **secrets))


def direct(spec: JobSpec, folder: Folder, gpus: list[int] | None, secrets: dict) -> dict:
    """Everything that a process without a container gets, with the mark it is found by."""
    everything = dict(base(), TMPDIR=str(folder.tmp))
    everything.update(of_job(spec, gpus, secrets))
    everything[proc.MARKER] = str(folder.path)
    return everything
