"""Instance types and spot prices, from EC2's shapes to ours."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from webapp.cloud.interface import ON_DEMAND, SPOT, Parameters, Type

_CLASSES = {"spot": SPOT, "on-demand": ON_DEMAND}


def described(each: Parameters) -> Type:
    """From DescribeInstanceTypes."""
    gpus = tuple(
        (gpu.get("Name", "GPU"), int(gpu.get("MemoryInfo", {}).get("SizeInMiB", 0)))
        for gpu in each.get("GpuInfo", {}).get("Gpus", [])
        for _ in range(int(gpu.get("Count", 0)))
    )
    architectures = each.get("ProcessorInfo", {}).get("SupportedArchitectures", [])
    usage = each.get("SupportedUsageClasses", [])
    return Type(
        name=each["InstanceType"],
        cpu_milli=int(each["VCpuInfo"]["DefaultVCpus"]) * 1000,
        memory_mib=int(each["MemoryInfo"]["SizeInMiB"]),
        gpus=gpus,
        arch=_arch(architectures),
        purchase_types=tuple(_CLASSES[word] for word in ("spot", "on-demand") if word in usage),
    )


def _arch(architectures: Sequence[str]) -> str:
    for known in ("x86_64", "arm64"):
        if known in architectures:
            return known
    return architectures[0] if architectures else "unknown"


def price_question(types: Sequence[str], now: int) -> Parameters:
    """Parameters of DescribeSpotPriceHistory for the prices in effect now: with equal start and
    end EC2 answers the last change before that moment."""
    moment = datetime.fromtimestamp(now / 1000, UTC)
    return {
        "InstanceTypes": list(types),
        "ProductDescriptions": ["Linux/UNIX"],
        "StartTime": moment,
        "EndTime": moment,
    }


def latest(history: Iterable[Parameters]) -> dict[tuple[str, str], float]:
    """(zone, type) -> the newest price."""
    found: dict[tuple[str, str], tuple[datetime, float]] = {}
    for each in history:
        key = (each["AvailabilityZone"], each["InstanceType"])
        entry = (each["Timestamp"], float(each["SpotPrice"]))
        if key not in found or entry[0] > found[key][0]:
            found[key] = entry
    return {key: price for key, (_, price) in found.items()}
