import pytest

from tests.agents.books import newest_event, runner_row
from tests.agents.machine import AgentPeer
from tests.people import TESTS, token
from webapp.extensions import db
from webapp.models.runner import Runner
from webapp.models.transaction import writing
from webapp.models.user import disable


@pytest.fixture
def peer(app, people):
    return AgentPeer(app)


def test_it_exchanges_a_token_for_a_credential_of_one_machine(peer, people, clock):
    answer = peer.call("runners", {**peer.hello(), "name": "gpu-box"}, secret=token())
    assert answer.status_code == 201
    assert answer.json["runner_name"] == "gpu-box"
    assert answer.json["clock"] == clock.moment
    row = runner_row(answer.json["runner_id"])
    assert (row.status, row.kind, row.owner.name) == ("offline", "self-hosted", "max")
    assert answer.json["credential"] not in (row.credential_digest, token())


def test_it_says_who_added_the_runner(peer):
    peer.register()
    event = newest_event(runner_id=peer.runner_id)
    assert (event.what, event.who, event.why) == (
        "runner added",
        "max",
        "added with the token of max",
    )


def test_a_name_that_is_taken_gets_a_number(app, peer):
    peer.register(name="box")
    assert AgentPeer(app, "cd" * 32).register(name="box").name == "box-2"


def test_a_runner_without_a_name_is_named_after_a_spice(peer):
    word, _, number = peer.register().name.partition("-")
    assert word.isalpha()
    assert number == "1"


def test_the_answer_may_be_lost_and_the_call_repeated(peer):
    first = peer.register().credential
    assert peer.register().credential != first
    assert peer.start().runner_id


def test_a_viewer_adds_no_runners(peer):
    answer = peer.call("runners", peer.hello(), secret=token("viewer"))
    assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
    assert "vera is a viewer" in answer.json["message"]


def test_an_unknown_token_is_refused(peer):
    answer = peer.call("runners", peer.hello(), secret="nobody's")
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_credential")


def test_the_token_of_a_disabled_person_is_refused(peer, people):
    secret = token()
    with writing():
        disable(TESTS, people["member"], 0)
    assert peer.call("runners", peer.hello(), secret=secret).status_code == 401


def test_no_token_is_refused(app, people):
    answer = app.test_client().post("/agents/v1/runners", json={})
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_credential")


def test_another_version_of_the_protocol_is_told_which_is_spoken(peer):
    answer = peer.call("runners", {**peer.hello(), "protocol": 2}, secret=token())
    assert (answer.status_code, answer.json["code"], answer.json["speaks"]) == (
        426,
        "protocol",
        [1],
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("machine_id", "short"),
        ("name", "-x"),
        ("name", "a b"),
        ("name", "x" * 61),
        ("max_jobs", 0),
        ("max_jobs", "many"),
        ("labels", ["a b"]),
        ("clock", -1),
        ("agent_version", "1\n2"),
        ("protocol", None),
        ("unheard_of", 1),
    ],
)
def test_a_wrong_field_is_named(peer, field, value):
    answer = peer.call("runners", {**peer.hello(), field: value}, secret=token())
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert [name.split(".")[0] for name in answer.json["fields"]] == [field]
    assert db.session.query(Runner).count() == 0
