from tests.pages.aws_scene import a_limit, a_machine, account, happened, refused_for
from tests.pages.scene import text_of
from webapp.models.instance import living_instances


def wishes() -> list[str | None]:
    return [each.wish for each in living_instances()]


def test_off_says_how_many_machines_and_jobs_first(admin, configured):
    a_machine(a_limit())
    text = text_of(admin.get("/settings/aws/off"))
    assert "1 machine exists or is coming; no job runs there." in text
    assert account().enabled


def test_without_a_machine_neither_way_says_that_machines_end(admin, configured):
    for address in ("/settings/aws/off", "/settings/aws/stop"):
        text = text_of(admin.get(address))
        assert "No machine is running." in text
        assert "All machines end" not in text


def test_off_lets_jobs_finish_first(admin, configured):
    a_machine(a_limit())
    assert admin.post("/settings/aws/off", data={"when": "drain"}).status_code == 303
    assert not account().enabled
    assert wishes() == [None]
    assert happened("on-demand runners switched off") == [("ada", "by ada")]


def test_off_now_ends_every_machine_now(admin, configured):
    a_machine(a_limit())
    admin.post("/settings/aws/off", data={"when": "now"})
    assert not account().enabled
    assert wishes() == ["now"]


def test_a_choice_that_does_not_exist_changes_nothing(admin, configured):
    assert admin.post("/settings/aws/off", data={"when": "never"}).status_code == 400
    assert account().enabled


def test_on_again(admin, configured):
    admin.post("/settings/aws/off", data={"when": "drain"})
    assert admin.post("/settings/aws/on").status_code == 303
    assert account().enabled
    assert "Enabled" in text_of(admin.get("/settings/aws"))


def test_without_keys_there_is_nothing_to_switch(admin):
    for address in ("/settings/aws/on", "/settings/aws/off"):
        assert "Enter keys first." in admin.post(address, follow_redirects=True).text


def test_stop_everything_wants_its_words(admin, configured):
    a_machine(a_limit())
    answer = admin.post("/settings/aws/stop", data={"typed": "stop"})
    assert answer.status_code == 400
    assert "Type the two words" in answer.text
    assert account().enabled
    assert wishes() == [None]


def test_stop_everything_stops_everything(admin, configured):
    a_machine(a_limit())
    answer = admin.post(
        "/settings/aws/stop", data={"typed": "Stop everything "}, follow_redirects=True
    )
    assert "Stopped: 1 machine told to end now." in answer.text
    assert not account().enabled
    assert wishes() == ["now"]
    assert happened("stop everything") == [("ada", "1 machine(s) told to end")]


def test_only_an_admin_may(anonymous, viewer, member, configured):
    addresses = ("+/settings/aws/on", "+/settings/aws/off", "+/settings/aws/stop")
    assert refused_for(viewer, *addresses) == [403] * 3
    assert refused_for(member, *addresses) == [403] * 3
    assert refused_for(anonymous, *addresses) == [303] * 3
    assert account().enabled
