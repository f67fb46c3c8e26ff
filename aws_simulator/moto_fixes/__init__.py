"""Where moto answers otherwise than EC2: one file per thing put right.

Each file has `apply(practice)`, which replaces methods of moto's response classes. These
lean on moto's inside, so exactly one version is accepted; `tests/aws_simulator` pins the
behaviour.
"""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_simulator.practice import Practice

MOTO = "5.2.5"
FIXES = (
    "permissions",
    "spot_requests",
    "run_instances",
    "instances",
    "instance_attributes",
    "instance_types",
    "spot_prices",
    "images",
    "regions",
    "default_vpc",
    "security_groups",
)


class WrongMoto(Exception):
    """Another moto is installed than the one these fixes were written for."""


def check_version(installed: str | None = None) -> None:
    installed = installed or version("moto")
    if installed != MOTO:
        raise WrongMoto(
            f"Practice AWS needs moto {MOTO} exactly, and {installed} is installed. "
            f"Install it with: pip install 'moto[ec2,iam,sts,server]=={MOTO}'"
        )


def apply(practice: Practice) -> None:
    check_version()
    for name in FIXES:
        importlib.import_module(f"{__name__}.{name}").apply(practice)
