"""Settings → Storage."""

import pytest

from tests.pages.scene import submitted, text_of
from tests.pages.test_artifacts import left
from webapp.engine.retention import Rule
from webapp.models.artifact import kept_attempt
from webapp.models.event import events_of
from webapp.models.retention import the_rule

DAY = 86400


def test_it_shows_what_is_stored_and_by_which_run(app, admin):
    run, _ = left(app)
    text = text_of(admin.get("/settings/storage"))
    assert "Artifacts 17 B" in text and "on the server's disk" in text
    assert f"{run.name} 17 B 0 B just now" in text
    assert "Now: until a run is pruned." in text


def test_nothing_stored_says_so(admin):
    assert "Nothing is stored yet." in text_of(admin.get("/settings/storage"))


def test_a_bucket_is_named(app, admin):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"s3_bucket": "our-artifacts"})
    assert "in the bucket our-artifacts" in text_of(admin.get("/settings/storage"))


def test_a_rule_is_shown_with_exactly_what_it_would_delete_before_it_is_set(app, admin, clock):
    run, job = left(app)
    clock.advance(31 * DAY)
    young = submitted()
    text = text_of(admin.get("/settings/storage/rule?days=30&gib="))
    assert "Delete artifacts after 30 days? 1 run would lose what they left now" in text
    assert f"{run.name} 17 B It ended 31 days ago; the rule is 30 days." in text
    assert young.name not in text
    assert the_rule() == Rule() and kept_attempt(job)


def test_a_rule_is_set_and_that_leaves_an_event(app, admin, people):
    answer = admin.post("/settings/storage/rule", data={"days": "30", "gib": "100", "logs": "y"})
    assert answer.headers["Location"] == "/settings/storage"
    assert the_rule() == Rule(30, 100, True)
    event = events_of(limit=1)[0]
    words = "artifacts and logs after 30 days, or beyond 100 GiB"
    assert (event.what, event.who, event.why) == ("retention rule set", "ada", words)
    page = admin.get("/settings/storage")
    assert f"Now: {words}." in text_of(page)
    assert 'value="30"' in page.text and "checked" in page.text


def test_it_says_how_many_runs_will_lose_something(app, admin, clock):
    left(app)
    admin.post("/settings/storage/rule", data={"days": "0"})
    text = text_of(admin.get("/settings/storage"))
    assert "1 run will lose something at the next look" in text


def test_the_rule_can_be_taken_back(admin):
    admin.post("/settings/storage/rule", data={"days": "30"})
    assert "Delete nothing by itself?" in text_of(admin.get("/settings/storage/rule"))
    admin.post("/settings/storage/rule", data={})
    assert the_rule() == Rule()


@pytest.mark.parametrize("wrong", ["-1", "1.5", "many", "999999999", "٣"])
@pytest.mark.parametrize("name", ["days", "gib"])
def test_a_number_that_is_none_is_told_at_its_field_and_stays_typed(admin, name, wrong):
    for answer in (
        admin.get("/settings/storage/rule", query_string={name: wrong}),
        admin.post("/settings/storage/rule", data={name: wrong}),
    ):
        assert answer.status_code == 400
        assert "Give a whole number up to" in answer.text and f'value="{wrong}"' in answer.text
    assert the_rule() == Rule()


def test_members_and_strangers_may_not(member, anonymous):
    for address in ("/settings/storage", "/settings/storage/rule"):
        assert member.get(address).status_code == 403
        assert anonymous.get(address).status_code == 303
    assert member.post("/settings/storage/rule", data={"days": "1"}).status_code == 403
