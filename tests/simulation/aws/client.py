"""The client of boto3, as far as `webapp.cloud` uses it, for one region of the simulated EC2."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.simulation.aws import answers
from tests.simulation.aws.faults import Rule, no_answer, no_connection, refused
from tests.simulation.aws.launches import launched
from tests.simulation.aws.region import Region
from tests.simulation.aws.things import Look, Thing
from tests.simulation.points import Points

PAGE = 2
MOST_CLOCK_OFF = 300_000  # milliseconds that the clock of who signs may be off
SILENT_SECONDS = 20  # the read timeout of the client


class Client:
    """`points` are those of the process that calls."""

    def __init__(self, aws: Any, region: Region, points: Points) -> None:
        self.aws, self.region, self.points = aws, region, points

    # what changes something

    def request_spot_instances(self, **asked: Any) -> Any:
        """One request, or the one that this ClientToken has made."""
        operation = "RequestSpotInstances"
        return self._call(operation, asked, lambda: launched(self, operation, "spot", asked))

    def run_instances(self, **asked: Any) -> Any:
        """One machine, or the one that this ClientToken has made."""
        operation = "RunInstances"
        return self._call(operation, asked, lambda: launched(self, operation, "on-demand", asked))

    def terminate_instances(self, **asked: Any) -> Any:
        """One wrong id ends none of them."""
        operation = "TerminateInstances"
        ids = asked["InstanceIds"]

        def effect() -> dict[str, Any]:
            for machine in [self._known(operation, "InvalidInstanceID", each) for each in ids]:
                self.aws.world.judge.told_to_end(machine)
                why = "Client.UserInitiatedShutdown: User initiated shutdown"
                self.aws.life.end(self.region, machine, why, "instance-terminated-by-user")
            return {}

        return self._call(operation, asked, effect)

    def cancel_spot_instance_requests(self, **asked: Any) -> Any:
        """A machine that came of it lives on."""
        operation = "CancelSpotInstanceRequests"
        ids = asked["SpotInstanceRequestIds"]

        def effect() -> dict[str, Any]:
            wrong = "InvalidSpotInstanceRequestID"
            for request in [self._known(operation, wrong, each) for each in ids]:
                self.aws.life.cancel(request)
            return {}

        return self._call(operation, asked, effect)

    def create_security_group(self, **asked: Any) -> Any:
        """Names are unique."""
        operation = "CreateSecurityGroup"

        def effect() -> dict[str, Any]:
            name = asked["GroupName"]
            self.aws.world.judge.marked(name)
            if name in self.region.groups:
                raise refused(operation, "InvalidGroup.Duplicate")
            group_id = self.aws.life.new_id("sg")
            self.region.groups[name] = (group_id, self.now)
            return {"GroupId": group_id}

        return self._call(operation, asked, effect)

    # what only looks

    def describe_security_groups(self, **asked: Any) -> Any:
        """By name; a new one is seen a little later."""

        def effect() -> dict[str, Any]:
            wanted = answers.filters(asked)["group-name"]
            seen = self.now - self._lag("group")
            groups = self.region.groups.items()
            found = [i for name, (i, at) in groups if name in wanted and at <= seen]
            return {"SecurityGroups": [{"GroupId": each} for each in found]}

        return self._call("DescribeSecurityGroups", asked, effect)

    def describe_images(self, **asked: Any) -> Any:
        """One is enough."""
        return self._call("DescribeImages", asked, lambda: answers.images(asked))

    def describe_vpcs(self, **asked: Any) -> Any:
        """The default one."""
        return self._call("DescribeVpcs", asked, lambda: {"Vpcs": [{"VpcId": "vpc-1"}]})

    def describe_regions(self, **asked: Any) -> Any:
        """All of them."""
        names = sorted(self.aws.region_names)
        found = [{"RegionName": each, "OptInStatus": "opt-in-not-required"} for each in names]
        return self._call("DescribeRegions", asked, lambda: {"Regions": found})

    def get_caller_identity(self, **asked: Any) -> Any:
        """Whose keys these are."""
        account = self.region.account
        arn = f"arn:aws:iam::{account}:user/runners"
        return self._call("GetCallerIdentity", asked, lambda: {"Account": account, "Arn": arn})

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """Describing calls that come in pages, asked for all at once or for a dry run."""
        if not operation.startswith("describe_"):
            raise AttributeError(operation)
        words = "".join(part.capitalize() for part in operation.split("_"))
        return lambda **asked: self._call(
            words, asked, lambda: dict([self._rows(operation, asked)])
        )

    def get_paginator(self, operation: str) -> Any:
        """Whoever does not follow the pages misses most of it."""
        return _Paginator(partial(self._pages, operation))

    def _pages(self, operation: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        words = "".join(part.capitalize() for part in operation.split("_"))
        name, rows = self._call(words, asked, lambda: self._rows(operation, asked))
        for start in range(0, max(1, len(rows)), PAGE):
            yield {name: rows[start : start + PAGE]}

    def _rows(self, operation: str, asked: dict[str, Any]) -> tuple[str, list[Any]]:
        wanted = answers.filters(asked)
        if operation == "describe_instances":
            seen = self._listed("machine", wanted)
            rows = [answers.machine(thing, look) for thing, look in seen]
            return "Reservations", [{"Instances": [each]} for each in rows]
        if operation == "describe_spot_instance_requests":
            seen = self._listed("request", wanted)
            return "SpotInstanceRequests", [answers.request(*each) for each in seen]
        return answers.catalogue(operation, self.region, asked)

    def _listed(self, kind: str, wanted: dict[str, list[str]]) -> list[tuple[Thing, Look]]:
        """Each thing as it was some time ago, each its own: listings agree with nobody."""
        call = self.aws.next_call()
        found = []
        for thing in list(self.region.things.values()):
            look = thing.as_of(self.now - self._lag(call, thing.id))
            if thing.kind == kind and look and answers.matches(thing, look, wanted):
                found.append((thing, look))
        return found

    def _lag(self, *name: object) -> int:
        most = self.region.lag_at(self.now)
        return int(self.aws.world.chance.between(0, most, "lag", *name) * 1000)

    def _known(self, operation: str, wrong: str, thing_id: str) -> Thing:
        thing = self.region.things.get(thing_id)
        if thing is None or self.now < thing.reachable_at:
            raise refused(operation, f"{wrong}.NotFound", f"{thing_id} does not exist")
        return thing

    @property
    def now(self) -> int:
        """The time of EC2 is the true one."""
        moment: int = self.aws.world.agenda.now
        return moment

    def _call(self, operation: str, asked: dict[str, Any], effect: Callable[[], Any]) -> Any:
        self.points.pass_by(f"before {operation}", idle=True)
        world, faults = self.aws.world, self.aws.faults
        world.judge.called(operation, self.points)
        faults.deny(operation, self.now)
        if abs(world.clock_off) > MOST_CLOCK_OFF:
            raise refused(operation, "RequestExpired")
        if asked.get("DryRun"):
            raise refused(operation, "DryRunOperation")
        rule = faults.take(operation)
        if rule is not None:
            world.tally.faults[f"ec2 {rule.mode}"] += 1
            world.note(f"{operation}: {rule.mode} {rule.code if rule.mode == 'refuse' else ''}")
        answer = self._with(rule, operation, effect) if rule else effect()
        self.points.pass_by(f"after {operation}", idle=True)
        return answer

    def _with(self, rule: Rule, operation: str, effect: Callable[[], Any]) -> Any:
        if rule.mode == "refuse":
            raise refused(operation, rule.code)
        if rule.mode == "never":
            raise no_connection()
        if rule.mode == "twice":
            effect()
            return effect()
        if rule.mode == "late":
            seconds = min(rule.seconds, SILENT_SECONDS)
            self.aws.world.agenda.after(seconds, f"late {operation}", partial(_late, effect))
            raise no_answer()
        effect()
        raise no_answer()


class _Paginator:
    def __init__(self, pages: Callable[[dict[str, Any]], Iterator[dict[str, Any]]]) -> None:
        self._pages = pages

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        """Page after page."""
        return self._pages(asked)


def _late(effect: Callable[[], Any]) -> None:
    from botocore.exceptions import ClientError  # type: ignore[import-untyped]

    try:
        effect()
    except ClientError:
        return  # EC2 refused, and nobody listened
