"""What an editor says of a file is what the server says of it."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from webapp.workflow_files import (
    WorkflowErrors,
    read_workflows,
    variables_schema,
    workflows_schema,
)

ROOT = Path(__file__).parents[2]
GOOD = [
    "commands: echo hello",
    "{commands: [a], variables: {global: {a: 1, b: , c: true}}}",
    "{image: 'debian:12', commands: [a, b], resources: {cpu: 0.5, memory: 16GB, shm_size: 512}}",
    "workflows: [{name: a, commands: x, image: , resources: , environment: , ports: }]",
    "workflows: [{name: a, provider: bash, commands: [x], environment: [A=1]}]",
    "workflows: [{name: a, provider: docker, image: a/b:1, commands: [x], depends-on: ['b:v1']}]",
    "workflows: [{name: a, provider: python, python_script: [a.py, 1], version: 3.11, ports: 1}]",
    "workflows: [{name: a, provider: python, python_script: a.py, python: 3}]",
    "workflows: [{name: a, provider: curl, url: 'https://a.org/b', output: b, artifacts: [b]}]",
    "{commands: x, resources: {v100/gpu: 2, interruptible: true}, timeout: 1h, retries: '2'}",
    "{commands: x, resources: {gpu: {name: V100, count: 2, memory: 8GB}}, queue-timeout: 60}",
    "{commands: x, timeout: '${{ t }}', image: 'a:${{ t }}', ports: '${{ t }}',"
    " resources: {gpu: '${{ t }}', cpu: '${{ t }}'}, variables: {global: {t: 1}}}",
]
BAD = [
    "{}",
    "workflows: []",
    "workflows: [{commands: x}]",
    "workflows: [{name: a/b, commands: x}]",
    "comands: x",
    "{commands: x, image: 'a b;c'}",
    "{commands: x, retries: many}",
    "{commands: x, resources: {gpus: 1}}",
    "{commands: x, provider: docker}",
    "{commands: x, provider: dcoker}",
    "{provider: python, commands: x}",
    "{provider: curl, url: '-x', output: a}",
    "{commands: x, environment: {A: [1]}}",
    "{commands: x, variables: {global: {'a b': 1}}}",
    "{workflows: [{name: a, commands: x, variables: {}}]}",
    "{workflows: [{name: a, commands: x}], more: 1}",
]


def allows(schema, text):
    return Draft202012Validator(schema).is_valid(yaml.safe_load(text))


@pytest.mark.parametrize("schema", [workflows_schema, variables_schema])
def test_they_are_json_schemas(schema):
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("text", GOOD)
def test_what_can_be_read_is_allowed(text):
    assert read_workflows(text).items
    assert allows(workflows_schema(), text)


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_read_is_not(text):
    with pytest.raises(WorkflowErrors):
        read_workflows(text)
    assert not allows(workflows_schema(), text)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("*.yaml")), ids=lambda p: p.name)
def test_the_examples_are_allowed(path):
    schema = variables_schema() if path.name == "variables.yaml" else workflows_schema()
    assert allows(schema, path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("variables: {global: {a: 1}, train: {b-c: x, d: }}", True),
        ("variables:", True),
        ("{}", True),
        ("variables: {global: {a: [1]}}", False),
        ("variables: {global: {--a: 1}}", False),
        ("variables: [a]", False),
        ("vars: {}", False),
    ],
)
def test_variables(text, good):
    assert allows(variables_schema(), text) is good


@pytest.mark.parametrize(
    ("name", "schema"), [("workflows", workflows_schema), ("variables", variables_schema)]
)
def test_anyone_is_served_them(anonymous, name, schema):
    answer = anonymous.get(f"/schemas/{name}.json")
    assert (answer.status_code, answer.json) == (200, json.loads(json.dumps(schema())))
