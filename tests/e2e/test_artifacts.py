"""What a job leaves, from its folder to the store and into the folder of the job that needs it."""

import pytest

from tests.agent_process import AgentProcess
from tests.conftest import make_app, serving, test_settings
from tests.e2e.house import House
from tests.people import token
from tests.storage.bucket import KEYS, moto
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.storage.s3_client import s3_client

PREPARE = "mkdir -p data && echo 1,2 > data/x.csv && printf '#!/bin/sh\necho run' > data/tool"
LEAVES = JobSpec(
    PREPARE + " && chmod +x data/tool && ln -s x.csv data/latest",
    workflow_name="prepare",
    artifacts=("data",),
    ask=Ask(cpu_milli=100),
)
NEEDS = JobSpec(
    "cat data/x.csv data/latest && data/tool && mkdir out && cp data/x.csv out/model",
    workflow_name="train",
    artifacts=("out",),
    depends_on=(0,),
    ask=Ask(cpu_milli=100),
)


def chain(house):
    """Both jobs to their end, and what is known of them."""
    prepare, train = house.submit_all(LEAVES, NEEDS)
    assert house.final(train).status == "done", house.log(train)
    assert house.artifacts(prepare)["data/latest"] == b"1,2\n"
    assert house.artifacts(train) == {"out/model": b"1,2\n"}
    log = house.log(train).decode()
    assert log.startswith("Inputs: 3 files in place.\n1,2\n1,2\nrun\n")
    return prepare, train


def test_what_one_job_leaves_the_next_one_finds_in_its_folder(house, agent):
    prepare, train = chain(house)
    # The content that both have was sent once.
    assert "Artifacts: 1 file kept, 4 B; 0 B were sent." in house.log(train).decode()
    assert "Artifacts: 3 files kept" in house.log(prepare).decode()


def test_a_stopped_job_leaves_something_and_an_aborted_one_nothing(house, agent):
    commands = "mkdir out; echo half > out/a; echo up; sleep 60"
    stopped, aborted = (house.submit(commands, artifacts=("out",)) for _ in range(2))
    for job in (stopped, aborted):
        house.running(job, b"up")
    house.stop(stopped)
    house.stop(aborted, abort=True)
    assert house.final(stopped).status == "stopped"
    assert house.final(aborted).status == "aborted"
    assert (house.artifacts(stopped), house.artifacts(aborted)) == ({"out/a": b"half\n"}, {})


@pytest.fixture
def bucket():
    """(endpoint, name) of an empty bucket."""
    with moto() as endpoint:
        client = s3_client(endpoint, "us-east-1", *KEYS)
        client.create_bucket(Bucket="artifacts")
        yield endpoint, client
        client.close()


def test_runners_reach_a_bucket_without_a_key(template, tmp_path, bucket):
    endpoint, client = bucket
    keys = {"s3_access_key_id": KEYS[0], "s3_secret_access_key": KEYS[1]}
    changes = {"poll_seconds": 2, "tick_seconds": 0.2, "s3_region": "us-east-1", **keys}
    settings = test_settings(tmp_path, s3_bucket="artifacts", s3_endpoint=endpoint, **changes)
    with serving(make_app(template, settings)) as live:
        house = House(live)
        with live.app.app_context():
            secret = token()
        agent = AgentProcess(tmp_path / "agent").config(live.url, secret).start()
        try:
            prepare, _train = chain(house)
        finally:
            agent.close()
    listed = client.list_objects_v2(Bucket="artifacts")["Contents"]
    assert {entry["Key"].split("/", 2)[2] for entry in listed} == {
        f"{prepare}/data/latest",
        f"{prepare}/data/tool",
    }
    assert not (settings.data_dir / "artifacts").exists()
