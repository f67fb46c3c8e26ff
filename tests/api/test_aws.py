import pytest

from tests.pages.aws_scene import a_limit, a_machine, configure
from tests.people import bearer
from webapp.models.aws_account import aws_account

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEYS = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}


@pytest.fixture
def call(anonymous, people):
    def post(path, role="admin", **body):
        return anonymous.post(f"/api/users/{path}", json=body, headers=bearer(role))

    return post


def test_keys_go_in_and_come_out_masked(call):
    region = {"aws_region": "eu-west-1", "artifacts_s3_bucket": ""}
    assert call("aws/config", **KEYS, **region).status_code == 200
    answer = call("aws/info")
    assert answer.json["aws_access_key_id"] == "AKIA************MPLE"
    assert answer.json["aws_region"] == "eu-west-1"
    assert SECRET not in answer.text
    assert aws_account().secret_access_key == SECRET


def test_info_says_who_the_token_is(call):
    answer = call("info", role="viewer")
    assert answer.json["user_name"] == "vera"
    assert answer.json["default_configuration"]["aws_access_key_id"] is None


def test_cleared_keys_are_gone(call):
    call("aws/config", **KEYS)
    assert call("aws/clear").status_code == 200
    assert aws_account() is None


def test_a_key_with_a_line_break_is_refused_without_being_repeated(call):
    answer = call("aws/config", aws_access_key_id=KEY, aws_secret_access_key=SECRET + "\n")
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == ["aws_secret_access_key"]
    assert SECRET not in answer.text


@pytest.mark.parametrize("path", ["aws/config", "aws/clear"])
def test_only_an_admin_touches_the_keys(call, path):
    assert call(path, role="member", **KEYS).status_code == 403


@pytest.mark.parametrize("path", ["info", "aws/info", "aws/config", "aws/clear"])
def test_nothing_without_a_token(anonymous, people, path):
    assert anonymous.post(f"/api/users/{path}", json=KEYS).status_code == 401


@pytest.mark.parametrize("path", ["aws/config", "aws/clear"])
def test_while_machines_live_it_is_refused_in_the_clients_words(call, path):
    configure()
    a_machine(a_limit())
    answer = call(path, **(KEYS if path == "aws/config" else {}))
    assert (answer.status_code, answer.json["message"]) == (400, "non-cancelled requests")
    assert "machine" in answer.json["detail"]
