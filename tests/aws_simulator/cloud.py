"""What the contract tests do with EC2, in their words; every call is a real boto3 call."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from aws_simulator.process import SimulatorProcess
from tests.waiting import eventually

REGION = "eu-west-1"
ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=20)


@lru_cache(maxsize=64)
def _client(service: str, region: str, url: str, key: str, secret: str) -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=ONCE,
    )


class Cloud:
    def __init__(self, simulator: SimulatorProcess) -> None:
        self.simulator = simulator
        self.ec2 = self.client("ec2")

    def client(self, service: str, region: str = REGION, key: str = "", secret: str = "") -> Any:
        ready = self.simulator.ready
        return _client(
            service,
            region,
            ready["ec2"],
            key or ready["access_key_id"],
            secret or ready["secret_access_key"],
        )

    def image(self, region: str = REGION, architecture: str = "x86_64") -> str:
        """The newest Ubuntu 24.04."""
        found = self.client("ec2", region).describe_images(
            Owners=["099720109477"],
            Filters=[
                {"Name": "name", "Values": ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-*"]},
                {"Name": "architecture", "Values": [architecture]},
            ],
        )["Images"]
        return max(found, key=lambda image: image["CreationDate"])["ImageId"]

    def group(self, name: str = "odr-test", region: str = REGION) -> str:
        client = self.client("ec2", region)
        return client.create_security_group(GroupName=name, Description="a test")["GroupId"]

    def specification(self, region: str = REGION, **changes: Any) -> dict[str, Any]:
        asked = {"ImageId": self.image(region), "InstanceType": "m5.large", **changes}
        if script := asked.pop("script", None):
            asked["UserData"] = base64.b64encode(script.encode()).decode()
        return asked

    def request(self, region: str = REGION, **asked: Any) -> dict[str, Any]:
        """Ask for one spot machine; `specification` holds changes of the launch."""
        specification = self.specification(region, **asked.pop("specification", {}))
        client = self.client("ec2", region)
        answer = client.request_spot_instances(LaunchSpecification=specification, **asked)
        return answer["SpotInstanceRequests"][0]

    def requested(self, request_id: str, region: str = REGION) -> dict[str, Any]:
        answer = self.client("ec2", region).describe_spot_instance_requests(
            SpotInstanceRequestIds=[request_id]
        )
        return answer["SpotInstanceRequests"][0]

    def status(self, request_id: str) -> tuple[str, str]:
        found = self.requested(request_id)
        return found["State"], found["Status"]["Code"]

    def machine(self, region: str = REGION, **changes: Any) -> str:
        """The id of a new spot machine, perhaps still pending."""
        request = self.request(region, specification=changes)
        found = self.requested(request["SpotInstanceRequestId"], region)
        return str(found["InstanceId"])

    def running(self, **changes: Any) -> str:
        """The id of a new spot machine that runs; `script` is its user data."""
        machine_id = self.machine(**changes)
        self.wait_for_state(machine_id, "running")
        return machine_id

    def described(self, machine_id: str, region: str = REGION) -> dict[str, Any]:
        answer = self.client("ec2", region).describe_instances(InstanceIds=[machine_id])
        return answer["Reservations"][0]["Instances"][0]

    def wait_for_state(self, machine_id: str, state: str) -> dict[str, Any]:
        def reached() -> dict[str, Any] | None:
            found = self.described(machine_id)
            return found if found["State"]["Name"] == state else None

        return eventually(reached, what=f"{machine_id} {state}")

    def ids(self, region: str = REGION, **filters: str | list[str]) -> list[str]:
        """Ids that DescribeInstances finds; `_` in a filter's name is `-`."""
        asked = [
            {"Name": name.replace("_", "-"), "Values": [v] if isinstance(v, str) else v}
            for name, v in filters.items()
        ]
        answer = self.client("ec2", region).describe_instances(Filters=asked)
        return [i["InstanceId"] for r in answer["Reservations"] for i in r["Instances"]]

    def printed(self, machine_id: str, words: str) -> str:
        """The console of a machine as soon as it holds `words`."""

        def shown() -> str:
            text = self.simulator.console(machine_id)
            return text if words in text else ""

        return eventually(shown, what=f"{words!r} on the console of {machine_id}")


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    """The error code that EC2 answers a call with."""
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return str(caught.value.response["Error"]["Code"])
