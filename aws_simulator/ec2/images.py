"""The images of practice AWS: Ubuntu LTS, AWS's GPU base images, and some to stumble over.

Names follow those that Canonical (account 099720109477) and AWS publish. The stumbling
stones are a look-alike from another account and Canonical's "minimal" and "pro" images.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

CANONICAL = "099720109477"
AMAZON = "898082745236"  # AWS's deep learning images
STRANGER = "999999999999"
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
DATES = ["20250305", "20250610", "20250821", "20251022", "20260218", "20260612"]
UBUNTU = [("jammy", "22.04", "hvm-ssd"), ("noble", "24.04", "hvm-ssd-gp3")]


@dataclass(frozen=True)
class Image:
    id: str
    name: str
    owner: str
    alias: str | None
    architecture: str
    created: datetime
    description: str

    root_device = "/dev/sda1"


def _image(region: str, name: str, owner: str, architecture: str, date: str) -> Image:
    digest = hashlib.sha256(f"{region}/{owner}/{name}".encode()).hexdigest()
    return Image(
        id=f"ami-{digest[:17]}",
        name=name,
        owner=owner,
        alias="amazon" if owner == AMAZON else None,
        architecture=architecture,
        created=datetime.strptime(date, "%Y%m%d").replace(tzinfo=UTC),
        description=f"Practice image: {name}",
    )


def _ubuntu(region: str, date: str) -> list[Image]:
    found = []
    for release, version, kind in UBUNTU:
        for short, architecture in ARCHITECTURES.items():
            tail = f"ubuntu-{release}-{version}-{short}"
            name = f"ubuntu/images/{kind}/{tail}-server-{date}"
            pro = f"ubuntu-pro-server/images/{kind}/{tail}-pro-server-{date}"
            minimal = f"ubuntu-minimal/images/{kind}/{tail}-minimal-{date}"
            found += [
                _image(region, each, CANONICAL, architecture, date) for each in (name, pro, minimal)
            ]
    return found


def _gpu(region: str, date: str) -> list[Image]:
    found = []
    for version in ("22.04", "24.04"):
        tail = f"Base OSS Nvidia Driver GPU AMI (Ubuntu {version}) {date}"
        found.append(_image(region, f"Deep Learning {tail}", AMAZON, "x86_64", date))
        found.append(_image(region, f"Deep Learning ARM64 {tail}", AMAZON, "arm64", date))
    return found


@lru_cache(maxsize=64)
def images(region: str) -> dict[str, Image]:
    """Every image of a region by id."""
    found = [image for date in DATES for image in _ubuntu(region, date) + _gpu(region, date)]
    newest = f"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-{DATES[-1]}"
    found.append(_image(region, newest + ".1", STRANGER, "x86_64", DATES[-1]))
    return {image.id: image for image in found}
