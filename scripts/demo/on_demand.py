"""The second act: machines that come with the work, one is taken away, and all of them go."""

import time
from pathlib import Path
from typing import Any

from scripts.demo.api import Api

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "mandelbrot.yaml"
LIMITS = (("eu-west-1", "m5.xlarge", 1), ("us-west-2", "c5.2xlarge", 2))
RUNS = 2
IDLE_SECONDS = 5
NOTICE_SECONDS = 30  # EC2 gives two minutes; the demo is in a hurry
_PATIENCE_SECONDS = 300


class Watch:
    """Prints each change of an on-demand runner and of a run, once."""

    def __init__(self, api: Api, run_names: list[str]) -> None:
        self._api, self._runs = api, run_names
        self._seen: dict[str, str] = {}
        self._began = time.monotonic()
        self.runners: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []

    def look(self) -> None:
        """Ask once, print what is new."""
        every = self._api.get("runners/query?all=1")["runners"]
        self.runners = [each for each in every if each["purchase_type"]]
        self.jobs = [job for name in self._runs for job in self._api.jobs(name)]
        now = {
            f"runner {r['runner_name']} ({_what(r)})": r["status_name"].upper()
            for r in self.runners
        }
        for name in self._seen:
            if name.startswith("runner ") and name not in now and self._seen[name] != "GONE":
                now[name] = "GONE"
        for job in self.jobs:
            on = f" on {job['runner_name']}" if job["runner_name"] else ""
            now[f"run {job['run_name']}"] = f"{job['status'].upper()}{on}"
        for name, status in now.items():
            if self._seen.get(name) != status:
                print(f"    {time.monotonic() - self._began:5.1f} s  {name}: {status}", flush=True)
                self._seen[name] = status

    def until(self, condition, what: str) -> None:
        """Look until the condition holds; raises SystemExit when that takes too long."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        self.look()
        while not condition():
            if time.monotonic() > deadline:
                raise SystemExit(f"Not within {_PATIENCE_SECONDS} s: {what}.")
            time.sleep(0.3)
            self.look()


def show_on_demand(api: Api) -> bool:
    """Whether all runs got done and every machine went away."""
    keys = api.get("practice/keys")
    api.post("users/aws/config", **keys, aws_region="eu-west-1")
    api.post("on-demand/settings/update", enabled=True, idle_seconds=IDLE_SECONDS)
    for region, instance_type, maximum in LIMITS:
        _add_limit(api, region, instance_type, maximum)
        print(f"    limit: at most {maximum} × {instance_type} in {region}, spot", flush=True)
    text = EXAMPLE.read_text(encoding="utf-8")
    watch = Watch(api, [api.submit(text) for _ in range(RUNS)])
    watch.until(lambda: any(job["status"] == "running" for job in watch.jobs), "a job runs")
    _interrupt_one(api, watch)
    finished = ("done", "failed", "stopped", "aborted")
    watch.until(lambda: all(job["status"] in finished for job in watch.jobs), "the runs end")
    watch.until(lambda: not watch.runners, "every machine is gone")
    return all(job["status"] == "done" for job in watch.jobs)


def _add_limit(api: Api, region: str, instance_type: str, maximum: int) -> None:
    wish = {"region_name": region, "instance_type": instance_type, "purchase_type": "spot"}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    # What a region offers is fetched when somebody first asks for it.
    while not api.try_post("on-demand/limits/set", **wish, maximum=maximum):
        if time.monotonic() > deadline:
            raise SystemExit(f"What {region} offers was not known within {_PATIENCE_SECONDS} s.")
        time.sleep(1)


def _interrupt_one(api: Api, watch: Watch) -> None:
    busy = next(job for job in watch.jobs if job["status"] == "running")
    print(
        f"    EC2 wants {busy['runner_name']} back in {NOTICE_SECONDS} s; "
        "its job will go on elsewhere"
    )
    api.post("practice/interrupt", runner_name=busy["runner_name"], seconds=NOTICE_SECONDS)


def _what(runner: dict[str, Any]) -> str:
    return f"{runner['purchase_type']}, {runner['region_name']}"
