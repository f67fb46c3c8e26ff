from tests.agents.machine import AgentPeer
from tests.people import bearer

GPU = {"name": "V100", "memory_mib": 16384}


def query(client):
    return client.get("/api/runners/query", headers=bearer("viewer")).json["runners"]


def test_a_live_runner_in_the_shape_of_the_client(app, anonymous, people):
    AgentPeer(app).register(name="gpu-box").start(gpus=[GPU, GPU])
    (runner,) = query(anonymous)
    assert (runner["runner_name"], runner["status"], runner["user_name"]) == (
        "gpu-box",
        "live",
        "max",
    )
    assert [gpu["name"] for gpu in runner["resources"]["gpus"]] == ["V100", "V100 #2"]
    assert (runner["region_name"], runner["purchase_type"]) == (None, None)


def test_a_runner_that_never_started_is_not_listed(app, anonymous, people):
    AgentPeer(app).register()
    assert query(anonymous) == []


def test_nothing_without_a_token(anonymous, people):
    assert anonymous.get("/api/runners/query").status_code == 401
