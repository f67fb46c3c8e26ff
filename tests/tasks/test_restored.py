"""A backup that is restored on another machine: what runs in AWS is adopted, never doubled."""

import pytest

from tests.conftest import test_settings
from tests.tasks.house import KEY, House
from webapp import create_app
from webapp.cli.sqlite_file import copy_database
from webapp.engine.plan import plan
from webapp.extensions import db
from webapp.models.stranger import strangers
from webapp.start import prepare
from webapp.tasks.apply import apply
from webapp.tasks.gather import gather


@pytest.fixture
def installation(tmp_path, aws, clock):
    """A house in a folder of its own, always on SQLite; `backup`: with these books in it."""
    opened = []

    def call(name, backup=None):
        settings = test_settings(tmp_path / name, database_url=None)
        settings.data_dir.mkdir(parents=True)
        if backup:
            copy_database(backup, settings.data_dir / "runners.db")
        app = create_app(settings, clock)
        context = app.app_context()
        context.push()
        opened.append(context)
        prepare(app)
        return House(app, aws, clock)

    yield call
    for context in reversed(opened):
        db.session.remove()
        db.engine.dispose()
        context.pop()


def saved(house, tmp_path):
    file = tmp_path / "backup.db"
    copy_database(house.app.extensions["settings"].data_dir / "runners.db", file)
    return file


def test_a_machine_that_runs_is_adopted(installation, tmp_path):
    old = installation("old").furnished()
    old.limit()
    machine = old.booted()
    new = installation("new", saved(old, tmp_path))
    for _ in range(3):
        new.turn()
    adopted = new.instance()
    assert (adopted.id, adopted.status, adopted.ec2_id) == (machine.id, "running", machine.ec2_id)
    assert [each["id"] for each in new.in_aws()] == [machine.ec2_id]
    assert new.job(machine.job_id).status == "running"


def test_a_machine_asked_for_after_the_backup_is_found_and_ended_before_there_is_another(
    installation, tmp_path
):
    old = installation("old").furnished()
    old.limit(1)
    old.submit()
    apply(plan(gather(old.clock())), old.clock())  # the row is there, EC2 knows nothing yet
    file = saved(old, tmp_path)
    old.turn()
    (machine,) = old.in_aws()
    new = installation("new", file)
    new.until(lambda: new.instances()[0].status == "terminated", "the old machine is ended")
    assert new.instances()[0].ec2_id == machine["id"]
    new.until(lambda: len(new.instances()) == 2 and new.instances()[1].ec2_id, "a new one")
    assert new.aws.state()["peaks"]["/".join(KEY)]["everything"] == 1


def test_a_machine_of_which_the_backup_knows_nothing_is_shown_as_a_stranger(installation, tmp_path):
    old = installation("old").furnished()
    old.limit(2)
    old.booted()
    file = saved(old, tmp_path)
    old.submit(8)
    old.turn()
    assert len(old.in_aws()) == 2
    new = installation("new", file)
    new.clock.advance(3600)
    new.until(lambda: strangers(), "a stranger")
    (kept,) = [each for each in new.in_aws() if each["id"] == new.instances()[0].ec2_id]
    assert kept["state"] == "running"
