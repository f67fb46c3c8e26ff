"""Cloud by EC2, with the documented permissions only."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from webapp.cloud import catalogue, images, permissions
from webapp.cloud.clients import Clients, Credentials, aws_errors
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import (
    SPOT,
    Answer,
    Ground,
    Image,
    Order,
    Parameters,
    Permission,
    Type,
)
from webapp.cloud.launching import on_demand_parameters, spot_parameters
from webapp.engine.plan.seen import SeenMachine, SeenRequest

HOME_REGION = "us-east-1"  # where the account is asked about itself
_GROUP_WORDS = "Machines that run jobs; they only call out"


class Ec2:
    """Implements `interface.Cloud`; thread-safe."""

    def __init__(self, credentials: Credentials) -> None:
        self._clients = Clients(credentials)

    def launch(self, region: str, order: Order) -> Answer:
        """RequestSpotInstances or RunInstances, under the order's ClientToken."""
        ec2 = self._clients.ec2(region)
        with aws_errors():
            if order.purchase_type == SPOT:
                answer = ec2.request_spot_instances(**spot_parameters(order))
                request = answer["SpotInstanceRequests"][0]
                return Answer(request["SpotInstanceRequestId"], request.get("InstanceId"), None)
            machine = ec2.run_instances(**on_demand_parameters(order))["Instances"][0]
            zone = machine.get("Placement", {}).get("AvailabilityZone")
            return Answer(None, machine["InstanceId"], zone)

    def machines(self, region: str, group_id: str) -> list[SeenMachine]:
        """One filtered DescribeInstances, pages followed."""
        return self._machines(region, "instance.group-id", [group_id])

    def machines_by_id(self, region: str, ids: Sequence[str]) -> list[SeenMachine]:
        """By a filter: an unknown id in InstanceIds would be an error for all."""
        return self._machines(region, "instance-id", list(ids)) if ids else []

    def _machines(self, region: str, name: str, values: list[str]) -> list[SeenMachine]:
        filters = [{"Name": name, "Values": values}]
        pages = self._pages(region, "describe_instances", Filters=filters)
        return [
            _machine(each)
            for page in pages
            for reservation in page["Reservations"]
            for each in reservation["Instances"]
        ]

    def requests(self, region: str, group_id: str) -> list[SeenRequest]:
        """One filtered DescribeSpotInstanceRequests, pages followed."""
        filters = [{"Name": "launch.group-id", "Values": [group_id]}]
        pages = self._pages(region, "describe_spot_instance_requests", Filters=filters)
        return [_request(each) for page in pages for each in page["SpotInstanceRequests"]]

    def terminate(self, region: str, machine_id: str) -> None:
        """TerminateInstances; repeating it is harmless."""
        with aws_errors():
            self._clients.ec2(region).terminate_instances(InstanceIds=[machine_id])

    def cancel(self, region: str, request_id: str) -> None:
        """CancelSpotInstanceRequests; repeating it is harmless."""
        ids = [request_id]
        with aws_errors():
            self._clients.ec2(region).cancel_spot_instance_requests(SpotInstanceRequestIds=ids)

    def group(self, region: str, name: str) -> str | None:
        """Found by its name, which holds the id of the installation."""
        filters = [{"Name": "group-name", "Values": [name]}]
        with aws_errors():
            answer = self._clients.ec2(region).describe_security_groups(Filters=filters)
        groups = answer["SecurityGroups"]
        return str(groups[0]["GroupId"]) if groups else None

    def ground(self, region: str, name: str) -> Ground:
        """The group keeps EC2's default rules: everything out, nothing in."""
        network = self._default_network(region)
        filters = [
            {"Name": "vpc-id", "Values": [network]},
            {"Name": "default-for-az", "Values": ["true"]},
        ]
        pages = self._pages(region, "describe_subnets", Filters=filters)
        subnets = {s["AvailabilityZone"]: s["SubnetId"] for page in pages for s in page["Subnets"]}
        if not subnets:
            sentence = f"The default network of {region} has no subnets."
            raise CloudError("bad_request", "MissingInput", sentence, definite=True)
        return Ground(self.group(region, name) or self._make_group(region, name, network), subnets)

    def _default_network(self, region: str) -> str:
        filters = [{"Name": "is-default", "Values": ["true"]}]
        with aws_errors():
            networks = self._clients.ec2(region).describe_vpcs(Filters=filters)["Vpcs"]
        if not networks:
            sentence = f"{region} has no default network (VPC): create one in the AWS console."
            raise CloudError("bad_request", "DefaultVpcDoesNotExist", sentence, definite=True)
        return str(networks[0]["VpcId"])

    def _make_group(self, region: str, name: str, network: str) -> str:
        asked = {"GroupName": name, "Description": _GROUP_WORDS, "VpcId": network}
        try:
            with aws_errors():
                return str(self._clients.ec2(region).create_security_group(**asked)["GroupId"])
        except CloudError as error:
            found = self.group(region, name) if error.code == "InvalidGroup.Duplicate" else None
            if found is None:
                raise
            return found

    def image(self, region: str, arch: str, gpu: bool) -> Image:
        """The newest official image."""
        pages = self._pages(region, "describe_images", **images.wanted(arch, gpu))
        return images.newest([each for page in pages for each in page["Images"]], arch, gpu)

    def image_of(self, region: str, image_id: str) -> Image:
        """A certain image, for the name of its root device."""
        with aws_errors():
            answer = self._clients.ec2(region).describe_images(ImageIds=[image_id])
        return images.described(answer["Images"][0])

    def identity(self) -> dict[str, str]:
        """Who the keys belong to; every key may ask that."""
        with aws_errors():
            answer = self._clients.sts(HOME_REGION).get_caller_identity()
        return {"account": answer["Account"], "arn": answer["Arn"]}

    def permissions(self, region: str, on_demand: bool) -> list[Permission]:
        """By dry run."""
        return permissions.tried(self._clients.ec2(region), on_demand)

    def role_signs(self, region: str) -> tuple[str | None, str | None]:
        """By dry run, and by the account's spot requests."""
        return permissions.role_signs(self._clients.ec2(region))

    def regions(self) -> list[tuple[str, bool]]:
        """All regions, also those that this account has not enabled."""
        with aws_errors():
            answer = self._clients.ec2(HOME_REGION).describe_regions(AllRegions=True)
        off = "not-opted-in"
        return [(r["RegionName"], r.get("OptInStatus") != off) for r in answer["Regions"]]

    def types(self, region: str) -> list[Type]:
        """Every instance type that a job could use."""
        pages = self._pages(region, "describe_instance_types")
        return [catalogue.described(each) for page in pages for each in page["InstanceTypes"]]

    def zones(self, region: str) -> dict[str, list[str]]:
        """Instance type -> zones that offer it."""
        pages = self._pages(
            region, "describe_instance_type_offerings", LocationType="availability-zone"
        )
        found: dict[str, list[str]] = {}
        for page in pages:
            for each in page["InstanceTypeOfferings"]:
                found.setdefault(each["InstanceType"], []).append(each["Location"])
        return {name: sorted(zones) for name, zones in found.items()}

    def prices(self, region: str, types: Sequence[str], now: int) -> dict[tuple[str, str], float]:
        """The present price of Linux machines in each zone."""
        asked = catalogue.price_question(types, now)
        pages = self._pages(region, "describe_spot_price_history", **asked)
        return catalogue.latest(each for page in pages for each in page["SpotPriceHistory"])

    def _pages(self, region: str, operation: str, **asked: Any) -> Iterator[Parameters]:
        paginator = self._clients.ec2(region).get_paginator(operation)
        with aws_errors():
            yield from paginator.paginate(**asked)


def _machine(each: Parameters) -> SeenMachine:
    why = each.get("StateReason") or {}
    return SeenMachine(
        id=each["InstanceId"],
        state=each["State"]["Name"],
        instance_type=each["InstanceType"],
        zone=each.get("Placement", {}).get("AvailabilityZone", ""),
        launched_at=_moment(each["LaunchTime"]),
        request_id=each.get("SpotInstanceRequestId"),
        client_token=each.get("ClientToken") or None,
        reason=why.get("Message") or why.get("Code") or "",
    )


def _request(each: Parameters) -> SeenRequest:
    status = each.get("Status") or {}
    launch = each.get("LaunchSpecification") or {}
    until = each.get("ValidUntil")
    return SeenRequest(
        id=each["SpotInstanceRequestId"],
        state=each["State"],
        status_code=status.get("Code", ""),
        message=status.get("Message", ""),
        instance_type=launch.get("InstanceType", ""),
        zone=each.get("LaunchedAvailabilityZone"),
        created_at=_moment(each["CreateTime"]),
        valid_until=_moment(until) if until else None,
        machine_id=each.get("InstanceId") or None,
    )


def _moment(when: datetime) -> int:
    return int(when.timestamp() * 1000)
