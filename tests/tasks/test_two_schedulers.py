"""Two schedulers and eight threads on one limit of 3, while answers are lost."""

import threading

from tests.tasks.house import ADA, House
from tests.waiting import eventually
from webapp.extensions import db
from webapp.models.transaction import writing
from webapp.models.wishes import stop_everything
from webapp.tasks.observe import observe
from webapp.tasks.tick import tick

LIMIT = 3


class Schedulers:
    """Threads that each tick and look until told to stop."""

    def __init__(self, house: House, count: int) -> None:
        self.house, self.failures = house, []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(count)]

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for each in self.threads:
            each.join(60)

    def _run(self) -> None:
        while not self.over.is_set():
            with self.house.app.app_context():
                try:
                    tick(self.house.clock())
                    observe(self.house.clock())
                except Exception as error:  # noqa: BLE001 - the test shows it
                    self.failures.append(error)
            self.house.clock.advance(0.5)


def most_ever(house: House) -> int:
    """The most machines and open requests of our group at any instant, dying ones too."""
    peaks = house.aws.state()["group_peaks"]
    return max((row["everything"] for row in peaks.values()), default=0)


def test_there_are_never_more_machines_than_the_limit_and_none_in_the_end(house: House):
    house.limit(LIMIT)
    house.submit(12, cpu_milli=4000)
    house.aws.fault("RequestSpotInstances", mode="lost", times=2)
    house.aws.fault("RequestSpotInstances", code="InsufficientInstanceCapacity", times=2)
    house.aws.fault("DescribeInstances", mode="lost", times=2)
    with Schedulers(house, 8) as schedulers:
        eventually(lambda: len(house.in_aws("running")) == LIMIT, 60, "three machines")
        with writing():
            stop_everything(ADA, house.clock())
        gone = "pending", "running", "shutting-down"
        eventually(lambda: not house.in_aws(*gone), 60, "all gone")
        eventually(lambda: _all_over(house), 60, "the books know it")
    assert schedulers.failures == []
    assert most_ever(house) <= LIMIT


def _all_over(house: House) -> bool:
    answer = all(each.status == "terminated" for each in house.instances())
    db.session.remove()
    return answer
