import pytest

from aws_simulator.process import SimulatorProcess
from tests.e2e.server_process import free_port
from tests.pages.aws_scene import a_limit, account, refused_for
from tests.pages.scene import poll_of, text_of

MACHINE_ACTS = ("interrupt", "kill", "hang", "unhang", "crash")


def events(aws) -> list[str]:
    return [each["event"] for each in aws.state()["events"]]


def test_it_shows_machines_knobs_and_events(admin, practice_machine):
    text = text_of(admin.get("/practice"))
    assert f"{practice_machine} m5.xlarge eu-west-1" in text
    assert f"born {practice_machine}" in text
    assert "No bound." in text


def test_a_poll_brings_nothing_while_nothing_happens(admin, aws):
    poll = poll_of(admin.get("/practice"))
    assert admin.get(poll).status_code == 204
    aws.knobs(capacity={"m5.xlarge": 4})
    assert "m5.xlarge: room for 4" in text_of(admin.get(poll))


def test_the_badge_changes_no_heading(admin, practice_machine):
    text = admin.get("/settings/secrets/add").text
    assert '<h2 id="secret-title" class="anywhere">Add secret</h2>' in text
    assert "<title>Add secret" in text


@pytest.mark.parametrize(
    ("what", "event"), [("interrupt", "interruption notice"), ("kill", "sudden death")]
)
def test_it_lets_things_happen_to_a_machine(admin, aws, practice_machine, what, event):
    answer = admin.post(f"/practice/machines/{practice_machine}/{what}", follow_redirects=True)
    assert practice_machine in text_of(answer)
    assert event in events(aws)


@pytest.mark.parametrize("what", MACHINE_ACTS)
def test_a_machine_that_is_not_there_is_told_in_a_sentence(admin, aws, what):
    answer = admin.post(f"/practice/machines/i-77/{what}", follow_redirects=True)
    assert "There is no machine i-77." in text_of(answer)


def test_nothing_else_can_happen_to_a_machine(admin, practice_machine):
    assert admin.post(f"/practice/machines/{practice_machine}/explode").status_code == 404


def test_capacity_is_taken_away_and_given_back(admin, aws, configured):
    a_limit()
    assert "m5.xlarge: no bound Take away" in text_of(admin.get("/practice"))
    admin.post("/practice/capacity", data={"type": "m5.xlarge", "rest": "0"})
    assert aws.knobs()["capacity"] == {"m5.xlarge": 0}
    assert "m5.xlarge: room for 0 Give back" in text_of(admin.get("/practice"))
    admin.post("/practice/capacity", data={"type": "m5.xlarge", "rest": ""})
    assert aws.knobs()["capacity"] == {}


def test_the_quota_is_set(admin, aws):
    admin.post("/practice/quota", data={"class": "standard", "rest": "8"})
    assert aws.knobs()["spot_vcpu_quota"] == {"standard": 8}


@pytest.mark.parametrize("rest", ["many", "-1", "1.5", "99999999"])
def test_a_wrong_number_is_told_and_turns_no_knob(admin, aws, rest):
    form = {"type": "m5.xlarge", "rest": rest}
    answer = admin.post("/practice/capacity", data=form, follow_redirects=True)
    assert "a whole number of 0 or more" in answer.text
    assert aws.knobs()["capacity"] == {}


def test_the_practice_keys_are_put_into_settings_with_one_button(admin, aws):
    assert "Use the practice keys" in admin.get("/settings/aws").text
    assert admin.post("/practice/keys").status_code == 303
    assert account().access_key_id == aws.ready["access_key_id"]
    assert "Use the practice keys" not in admin.get("/settings/aws").text


def test_a_simulator_that_has_ended_is_told_in_a_sentence(app, admin):
    ended = app.extensions["practice"] = SimulatorProcess()
    ended.ready = {"control": f"http://127.0.0.1:{free_port()}"}
    assert "Practice AWS does not answer" in admin.get("/practice").text
    answer = admin.post("/practice/machines/i-77/kill", follow_redirects=True)
    assert "Practice AWS does not answer" in answer.text


def test_without_practice_there_is_no_panel(admin):
    addresses = ("/practice", "/practice/changes", "+/practice/machines/i-77/kill")
    addresses += ("+/practice/capacity", "+/practice/quota", "+/practice/keys")
    assert refused_for(admin, *addresses) == [404] * 6


def test_only_an_admin_may(anonymous, viewer, member, aws):
    addresses = ("/practice", "/practice/changes", "+/practice/machines/i-77/kill")
    addresses += ("+/practice/capacity", "+/practice/quota", "+/practice/keys")
    assert refused_for(viewer, *addresses) == [403] * 6
    assert refused_for(member, *addresses) == [403] * 6
    assert refused_for(anonymous, *addresses) == [303] * 6
    assert account() is None
