import pytest

from tests.pages.scene import text_of
from webapp.models.secret import secret_rows, secret_values

PAGE = "/settings/secrets"
VALUE = "the value of it"


@pytest.fixture
def kept(admin):
    admin.post(f"{PAGE}/add", data={"name": "API_KEY", "value": VALUE})


def test_an_empty_page_says_what_belongs_here_and_who_adds_it(admin, member):
    assert "No secrets yet" in text_of(admin.get(PAGE))
    assert f'href="{PAGE}/add"' in admin.get(PAGE).text
    assert "An admin can add them" in text_of(member.get(PAGE))
    assert f"{PAGE}/add" not in member.get(PAGE).text


def test_a_saved_secret_is_listed_by_name_and_never_shown(admin, member, kept):
    assert secret_values() == {"API_KEY": VALUE}
    for client in (admin, member):
        page = client.get(PAGE)
        assert "API_KEY" in page.text and "ada" in page.text and VALUE not in page.text
    assert "Replace" in admin.get(PAGE).text and "Replace" not in member.get(PAGE).text
    for path in ("replace", "delete"):
        assert VALUE not in admin.get(f"{PAGE}/API_KEY/{path}").text


def test_saving_says_so_without_the_value(admin):
    data = {"name": "API_KEY", "value": VALUE}
    page = admin.post(f"{PAGE}/add", data=data, follow_redirects=True)
    assert "API_KEY is kept, encrypted" in text_of(page) and VALUE not in page.text


@pytest.mark.parametrize(
    ("pasted", "kept_as"),
    [
        ("one line value\r\n", "one line value"),
        (
            "-----BEGIN-----\r\nabcdef\r\n-----END-----\r\n",
            "-----BEGIN-----\nabcdef\n-----END-----\n",
        ),
        ("  spaces stay ", "  spaces stay "),
    ],
)
def test_line_breaks_are_kept_as_programs_want_them(admin, pasted, kept_as):
    admin.post(f"{PAGE}/add", data={"name": "KEY", "value": pasted})
    assert secret_values() == {"KEY": kept_as}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": "A B", "value": VALUE}, "letters, digits and underscores"),
        ({"name": "", "value": VALUE}, "Give the secret a name"),
        ({"name": "KEY", "value": "short"}, "too short to be hidden safely in logs"),
        ({"name": "KEY", "value": ""}, "too short to be hidden safely in logs"),
        ({"name": "KEY"}, "too short"),
    ],
)
def test_a_wrong_field_is_named_the_name_stays_and_the_value_is_not_sent_back(
    admin, data, sentence
):
    answer = admin.post(f"{PAGE}/add", data=data)
    assert answer.status_code == 400 and sentence in text_of(answer)
    assert VALUE not in answer.text
    assert not data["name"] or f'value="{data["name"]}"' in answer.text
    assert secret_values() == {}


def test_what_has_to_be_pasted_again_is_said(admin):
    answer = admin.post(f"{PAGE}/add", data={"name": "A B", "value": VALUE})
    assert "Paste the value again" in text_of(answer)


def test_a_name_that_is_taken_is_said(admin, kept):
    answer = admin.post(f"{PAGE}/add", data={"name": "API_KEY", "value": "another value"})
    assert answer.status_code == 400 and "There is a secret called API_KEY" in text_of(answer)
    assert secret_values() == {"API_KEY": VALUE}


def test_it_is_replaced_under_its_name(admin, kept):
    assert "Replace API_KEY" in text_of(admin.get(f"{PAGE}/API_KEY/replace"))
    answer = admin.post(f"{PAGE}/API_KEY/replace", data={"value": "another value"})
    assert answer.status_code == 303
    assert secret_values() == {"API_KEY": "another value"}
    assert admin.post(f"{PAGE}/API_KEY/replace", data={"value": "x"}).status_code == 400


def test_deleting_asks_first(admin, kept):
    assert "Delete API_KEY?" in text_of(admin.get(f"{PAGE}/API_KEY/delete"))
    assert len(secret_rows()) == 1
    assert admin.post(f"{PAGE}/API_KEY/delete").status_code == 303
    assert secret_rows() == []


def test_an_unknown_secret_is_404(admin):
    for path in ("replace", "delete"):
        answer = admin.get(f"{PAGE}/NOBODY/{path}")
        assert answer.status_code == 404 and "no secret called NOBODY" in text_of(answer)


def test_more_than_a_job_can_be_given_is_said_on_the_field(admin):
    for number in range(8):
        admin.post(f"{PAGE}/add", data={"name": f"BIG_{number}", "value": "x" * 65536})
    answer = admin.post(f"{PAGE}/add", data={"name": "MORE", "value": VALUE})
    assert answer.status_code == 400 and "512 KiB" in text_of(answer)


def test_members_look_and_viewers_do_not(member, viewer):
    assert viewer.get(PAGE).status_code == 403
    assert "Secrets" not in text_of(viewer.get("/settings/account"))
    data = {"name": "KEY", "value": VALUE}
    assert member.post(f"{PAGE}/add", data=data).status_code == 403
    assert secret_values() == {}
