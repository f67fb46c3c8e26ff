import re

import pytest

from tests.people import TESTS, bearer, logged_in
from webapp.clock import now
from webapp.models.scoped_token import add_token, scoped_tokens
from webapp.models.token import find_token
from webapp.models.transaction import writing

WISH = {"token_name": "ci", "scope": "submit"}
_SECRET = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def made(client, **wish):
    page = client.post("/settings/tokens", data={**WISH, **wish})
    assert page.status_code == 200, page.text
    return _SECRET.search(page.text)[0]


def test_a_token_is_shown_once_and_listed_without_its_secret(member):
    secret = made(member)
    assert find_token(secret).scope == "submit"
    page = member.get("/settings/account").text
    assert secret not in page
    assert "<strong>ci</strong>" in page and "never used" in page


def test_its_last_use_is_shown(member, anonymous, clock):
    secret = made(member)
    anonymous.get("/api/runs/query", headers={"Authorization": f"Bearer {secret}"})
    clock.advance(3600)
    assert "1 hour ago" in member.get("/settings/account").text


def test_the_last_use_of_the_main_token_is_shown(member, anonymous, people):
    assert "Never used." in member.get("/settings/account").text
    anonymous.get("/api/runs/query", headers=bearer("member"))
    assert "Last used" in member.get("/settings/account").text


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"token_name": ""}, "Give it a name."),
        ({"token_name": "-ci"}, "a letter or digit first"),
        ({"token_name": "a/b"}, "a letter or digit first"),
        ({"token_name": "x" * 61}, "at most 60"),
        ({"scope": "admin"}, "Not a valid choice"),
        ({"scope": "everything"}, "Not a valid choice"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(member, people, wish, sentence):
    answer = member.post("/settings/tokens", data={**WISH, **wish})
    assert answer.status_code == 400 and sentence in answer.text
    assert f'value="{ {**WISH, **wish}["token_name"] }"' in answer.text
    assert scoped_tokens(people["member"]) == []


def test_a_name_that_is_taken_is_told(member):
    made(member)
    answer = member.post("/settings/tokens", data=WISH)
    assert answer.status_code == 400 and "You have a token called ci already" in answer.text


def test_nobody_is_offered_more_than_their_role(viewer, admin):
    assert "submit: also" not in viewer.get("/settings/account").text
    assert "admin: also" in admin.get("/settings/account").text


def test_revoking_asks_first_and_then_ends_it(member):
    secret = made(member)
    assert "stops working at once" in member.get("/settings/tokens/ci/revoke").text
    assert find_token(secret)
    answer = member.post("/settings/tokens/ci/revoke")
    assert answer.headers["Location"] == "/settings/account"
    assert find_token(secret) is None


def test_the_tokens_of_others_are_out_of_reach(app, member, people):
    with writing():
        secret = add_token(TESTS, people["admin"], "deploy", "admin", now())
    assert "deploy" not in member.get("/settings/account").text
    assert member.post("/settings/tokens/deploy/revoke").status_code == 404
    assert find_token(secret)


def test_strangers_go_to_the_login(anonymous, people):
    assert anonymous.post("/settings/tokens", data=WISH).headers["Location"].startswith("/login")
    revoke = anonymous.post("/settings/tokens/ci/revoke")
    assert revoke.headers["Location"].startswith("/login")


def test_a_long_list_is_all_there(app, people):
    with writing():
        for number in range(100):
            add_token(TESTS, people["member"], f"script {number}", "read", now())
    page = logged_in(app, people["member"]).get("/settings/account").text
    assert "script 99" in page
