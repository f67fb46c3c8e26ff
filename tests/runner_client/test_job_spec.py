import pytest

from runner_client import job_spec
from runner_client.job_spec import BadJob, Key

JOB = {"job": "0123456789ab", "attempt": 1, "commands": "true"}


def test_a_job_with_nothing_but_commands_is_enough():
    spec = job_spec.parse(JOB)
    assert (spec.key, spec.commands, spec.image) == (Key("0123456789ab", 1), "true", None)
    assert (spec.environment, spec.timeout, spec.gpus) == ({}, None, 0)


def test_keys_of_a_later_server_are_passed_over():
    assert job_spec.parse(dict(JOB, colour="red")).commands == "true"


@pytest.mark.parametrize("name", ["../../etc", "", "a/b", "A", None, 7, "-" * 65])
def test_a_name_that_could_leave_the_folder_of_jobs_is_none(name):
    assert job_spec.parse_key(dict(JOB, job=name)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"commands": "a\0b"},
        {"commands": 7},
        {"environment": {"A": 1}},
        {"environment": {"A=B": "c"}},
        {"environment": {"A": "\ud800"}},
        {"environment": ["A"]},
        {"timeout": "soon"},
        {"timeout": True},
        {"resources": {"gpus": "two"}},
    ],
)
def test_what_no_process_can_be_given_is_refused_with_a_sentence(wrong):
    with pytest.raises(BadJob, match=r"\.$"):
        job_spec.parse({**JOB, **wrong})
