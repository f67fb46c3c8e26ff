import pytest

from tests.people import bearer
from webapp.models.secret import secret_values

SECRET = "the value of it"


@pytest.fixture
def call(anonymous, people):
    def post(path, role="admin", **body):
        return anonymous.post(f"/api/secrets/{path}", json=body, headers=bearer(role))

    return post


@pytest.fixture
def names(anonymous, people):
    def get(role="member"):
        return anonymous.get("/api/secrets", headers=bearer(role))

    return get


def test_a_secret_goes_in_and_only_its_name_comes_out(call, names, clock):
    answer = call("set", name="API_KEY", value=SECRET)
    assert (answer.status_code, answer.json) == (200, {})
    (row,) = names().json["secrets"]
    assert row == {
        "name": "API_KEY",
        "created_at": clock.moment,
        "created_by": "ada",
        "updated_at": clock.moment,
        "updated_by": "ada",
    }
    assert SECRET not in names("admin").text
    assert secret_values() == {"API_KEY": SECRET}


def test_setting_it_again_replaces_it_byte_for_byte(call):
    call("set", name="API_KEY", value=SECRET)
    call("set", name="API_KEY", value=" two\r\nlines\n")
    assert secret_values() == {"API_KEY": " two\r\nlines\n"}


def test_a_deleted_secret_is_gone(call, names):
    call("set", name="API_KEY", value=SECRET)
    assert call("delete", name="API_KEY").status_code == 200
    assert names().json == {"secrets": []}
    answer = call("delete", name="API_KEY")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A B", "value": SECRET}, "name"),
        ({"name": "KEY", "value": "short"}, "value"),
        ({"name": "KEY", "value": SECRET + "\0"}, "value"),
        ({"name": "KEY", "value": SECRET * 10_000}, "value"),
        ({"name": "KEY", "value": 7}, "value"),
        ({"name": "KEY"}, "value"),
        ({"name": "KEY", "value": SECRET, "extra": 1}, "extra"),
    ],
)
def test_a_wrong_field_is_named_and_no_value_repeated(call, body, field):
    answer = call("set", **body)
    assert answer.status_code == 400 and field in answer.json["fields"]
    assert SECRET not in answer.text
    assert secret_values() == {}


def test_more_than_a_job_can_be_given_is_refused(call):
    for number in range(8):
        call("set", name=f"BIG_{number}", value="x" * 65536)
    answer = call("set", name="ONE_MORE", value=SECRET)
    assert (answer.status_code, answer.json["code"]) == (400, "no_room")


@pytest.mark.parametrize("path", ["set", "delete"])
def test_only_an_admin_changes_them(call, path):
    assert call(path, role="member", name="KEY", value=SECRET).status_code == 403
    assert secret_values() == {}


def test_viewers_do_not_see_names(names):
    assert names("viewer").status_code == 403


def test_nothing_without_a_token(anonymous, people):
    assert anonymous.get("/api/secrets").status_code == 401
    assert anonymous.post("/api/secrets/set", json={}).status_code == 401
