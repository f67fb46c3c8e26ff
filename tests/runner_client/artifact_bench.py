"""Jobs that leave something, with a server for that alone."""

from tests.runner_client.artifact_peer import ArtifactPeer
from tests.runner_client.test_execution import Bench

OUTPUT = "mkdir -p output/deep; printf alpha > output/a; printf 0123456789 > output/deep/b;"
FILES = {"output/a": b"alpha", "output/deep/b": b"0123456789"}


def bench_for(folder, peer: ArtifactPeer) -> Bench:
    """A place for jobs that calls this peer."""
    bench = Bench(folder / "jobs")
    bench.place = bench.place._replace(open_caller=peer.open_caller)
    return bench


def run(bench: Bench, commands: str, **more):
    """The outcome and the log of a job that leaves the folder `output`."""
    became, printed = bench.run(commands, artifacts=["output"], **more)
    return became, printed.decode()
