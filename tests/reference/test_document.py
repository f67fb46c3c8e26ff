import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from webapp.reference.calls import undescribed


def test_every_route_of_the_api_is_described(app):
    assert undescribed(app) == []


def test_every_call_has_an_example_and_words(calls):
    for call in calls.values():
        assert call.summary, call.name
        assert call.description.examples, call.name


def test_it_is_a_valid_openapi_document(document):
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")


def test_every_shape_has_a_name_that_people_can_read(document):
    odd = [name for name in document["components"]["schemas"] if "__" in name or "[" in name]
    assert odd == [], "two models of the API have one name: rename one"


def test_it_says_what_a_token_needs(document):
    stop = document["paths"]["/api/runs/stop"]["post"]
    assert stop["security"] == [{"token": ["submit"]}]
    assert document["paths"]["/api/runs/query"]["get"]["security"] == [{"token": ["read"]}]


def test_all_that_an_answer_has_is_required(document):
    for name in ("RunShape", "JobShape", "RunnerShape", "LimitShape", "WorkflowShape"):
        shape = document["components"]["schemas"][name]
        assert sorted(shape["required"]) == sorted(shape["properties"]), name


def test_the_address_of_the_server_is_in_it(anonymous):
    answer = anonymous.get("/api/openapi.json", base_url="https://runners.example.org")
    assert answer.json["servers"] == [{"url": "https://runners.example.org"}]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/openapi.json"])
def test_anybody_may_read_it(anonymous, people, path):
    assert anonymous.get(path).status_code == 200
