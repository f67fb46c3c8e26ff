"""Which image a machine boots: the newest official one, found by owner and name."""

from webapp.cloud.errors import CloudError
from webapp.cloud.interface import Image, Parameters

CANONICAL = "099720109477"  # the account that publishes Ubuntu's images
AMAZON = "amazon"
_UBUNTU_ARCH = {"x86_64": "amd64", "arm64": "arm64"}


def wanted(arch: str, gpu: bool) -> Parameters:
    """Parameters of DescribeImages. Raises CloudError for an architecture without an image.

    Ubuntu: "ubuntu/images/hvm-ssd*/ubuntu-<release>-<version>-<arch>-server-<date>"; only LTS
    releases have a version that ends in .04 of an even year. GPU: AWS's Deep Learning Base image,
    which has the drivers and the container toolkit.
    """
    if arch not in _UBUNTU_ARCH:
        sentence = f"There is no official image for the architecture {arch}."
        raise CloudError("bad_request", "NoImage", sentence, definite=True)
    if gpu:
        prefix = "Deep Learning ARM64 Base" if arch == "arm64" else "Deep Learning Base"
        owner, names = AMAZON, [f"{prefix} OSS Nvidia Driver GPU AMI (Ubuntu *"]
    else:
        short = _UBUNTU_ARCH[arch]
        owner, names = CANONICAL, [f"ubuntu/images/hvm-ssd*/ubuntu-*-{short}-server-*"]
    return {
        "Owners": [owner],
        "Filters": [
            {"Name": "name", "Values": names},
            {"Name": "architecture", "Values": [arch]},
            {"Name": "state", "Values": ["available"]},
            {"Name": "root-device-type", "Values": ["ebs"]},
        ],
    }


def newest(images: list[Parameters], arch: str, gpu: bool) -> Image:
    """The newest of the answer: the latest LTS release first, then the latest build."""
    fitting = [each for each in images if gpu or _is_lts(_version(each["Name"]))]
    if not fitting:
        what = "GPU base" if gpu else "Ubuntu LTS"
        sentence = f"EC2 lists no {what} image for {arch} in this region."
        raise CloudError("bad_request", "NoImage", sentence, definite=True)
    best = max(fitting, key=lambda each: (_version(each["Name"]), each["CreationDate"]))
    return described(best)


def described(image: Parameters) -> Image:
    """From DescribeImages."""
    return Image(image["ImageId"], image["Name"], image.get("RootDeviceName") or "/dev/sda1")


def _version(name: str) -> tuple[int, int]:
    """The Ubuntu version in a name: "…ubuntu-noble-24.04-amd64…", "…(Ubuntu 22.04) 2025…"."""
    for word in name.replace("(", " ").replace(")", " ").replace("-", " ").split():
        major, dot, minor = word.partition(".")
        if dot and major.isdigit() and minor.isdigit():
            return int(major), int(minor)
    return 0, 0


def _is_lts(version: tuple[int, int]) -> bool:
    return version[1] == 4 and version[0] % 2 == 0 and version[0] > 0
