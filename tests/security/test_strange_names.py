"""Names that mean something to a shell, a browser or a file system mean nothing here."""

from urllib.parse import quote

import pytest

from tests.people import bearer
from tests.security.test_what_is_shown import addresses
from webapp.access import audience_of
from webapp.models.run import Run
from webapp.models.user import ROLES

NAMES = [
    "a/b",
    "../../etc/passwd",
    "..",
    "a\nb",
    "a\r\nSet-Cookie: x=y",
    "\U0001f427",
    "--rm",
    "$(id)",
    "a b; id",
    "<script>alert(1)</script>",
    "\x1b[31mred",
    "\u202eabc",
    "a" * 5000,
    "\ud800",
    " ",
    "null",
]
IMAGES = ["a b; id", "-v /:/host debian", "debian:12 --privileged", "$(id)", "a\nb", "\U0001f427"]


def encoded(name):
    return quote(name.encode("utf-8", "surrogatepass"), safe="")


@pytest.mark.parametrize("name", NAMES)
def test_a_strange_name_is_no_more_than_a_name_that_is_not_there(app, admin, anonymous, name):
    """In each address that has a place for a name; no 5xx, nothing found, nothing unescaped."""
    headers = bearer("admin")
    for rule in app.url_map.iter_rules():
        audience = audience_of(app, rule.endpoint)
        texts = [one for one in rule.arguments if "Integer" not in str(rule._converters[one])]
        if not texts or "GET" not in rule.methods or rule.endpoint == "static":
            continue
        path = rule.rule
        for one in rule.arguments:
            path = path.replace(f"<{one}>", encoded(name)).replace(f"<path:{one}>", encoded(name))
            path = path.replace(f"<int:{one}>", "1")
        client = anonymous if audience.startswith("token") else admin
        with client.get(path, headers=headers if client is anonymous else {}) as answer:
            assert answer.status_code in (303, 308, 400, 404), (path, answer.status_code)
            assert b"<script>alert" not in answer.data
            assert "x=y" not in str(answer.headers.get("Set-Cookie"))


@pytest.mark.parametrize("name", NAMES)
def test_a_strange_question_gets_an_answer(app, admin, people, name):
    for address in addresses(app, *ROLES):
        if "<" in address or address.count("/") > 2:
            continue
        question = "&".join(
            f"{word}={encoded(name)}" for word in ("q", "sort", "name", "v", "start")
        )
        with admin.get(f"{address}?{question}") as answer:
            assert answer.status_code < 500, address
            assert b"<script>alert" not in answer.data


@pytest.mark.parametrize("name", NAMES)
def test_calls_take_no_strange_name_for_one_that_is_there(people, anonymous, name):
    for path, body in (
        ("runs/stop", {"run_name": name}),
        ("runs/tag", {"run_name": name, "tag_name": name}),
        ("runs/restart", {"run_name": name, "clear": True}),
        ("jobs/stop", {"job_id": name}),
        ("secrets/set", {"name": name, "value": "a value to keep"}),
        ("secrets/delete", {"name": name}),
        ("repos/init", {"repo_url": name}),
    ):
        if (path, name) == ("secrets/set", "null"):
            continue  # an odd name, and a right one
        answer = anonymous.post(f"/api/{path}", json=body, headers=bearer("admin"))
        assert answer.status_code in (400, 404), (path, answer.status_code)
        assert answer.json["message"].strip()


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_that_is_no_image_is_refused_with_a_sentence(people, anonymous, image):
    def submit(**body):
        return anonymous.post("/api/runs/submit", json=body, headers=bearer())

    quoted = '"' + image.replace("\n", "\\n") + '"'
    direct = submit(workflow_file=f"commands: x\nimage: {quoted}")
    filled = submit(workflow_file="commands: x\nimage: ${{ i }}", variables={"i": image})
    for answer in (direct, filled):
        assert answer.status_code == 400 and "image" in answer.json["message"]
    assert Run.query.count() == 0
