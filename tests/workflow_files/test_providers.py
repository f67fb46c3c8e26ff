import textwrap

import pytest

from webapp.engine.jobs import PythonSetup
from webapp.workflow_files import WorkflowErrors, read_workflows


def only_job(text):
    (job,) = read_workflows(textwrap.dedent(text)).pick(None).jobs()
    return job


def problems(text):
    with pytest.raises(WorkflowErrors) as caught:
        read_workflows(textwrap.dedent(text)).pick(None).jobs()
    return [(problem.line, problem.where, problem.sentence) for problem in caught.value.problems]


def test_docker():
    job = only_job("{provider: docker, image: 'debian:12', commands: [ls], ports: 2}")
    assert (job.provider, job.image, job.commands) == ("docker", "debian:12", "ls")
    assert (job.ask.container, job.ports) == (True, 2)


def test_python():
    job = only_job("""
        provider: python
        python_script: train.py --epochs 3
        requirements: ./requirements.txt
        version: 3.10
        working_dir: src
        artifacts: [output, models/best/]
        environment: {SEED: 1}
        resources: {gpu: 1}
        """)
    assert (job.provider, job.commands) == ("python", "python train.py --epochs 3")
    assert job.python == PythonSetup("3.10", "requirements.txt", "python:3.10")
    assert (job.working_dir, job.artifacts) == ("src", ("output", "models/best"))
    assert (job.environment, job.ask.gpu_count) == ({"SEED": "1"}, 1)
    assert (job.image, job.ask.container) == (None, False), "either kind of machine will do"


def test_the_version_of_python_may_be_called_python():
    assert only_job("{provider: python, python_script: a.py, python: 3}").python.version == "3"


def test_curl():
    job = only_job("{provider: curl, url: 'https://example.org/a.csv', output: data/a.csv}")
    assert (job.provider, job.artifacts) == ("curl", ("data/a.csv",))
    assert job.commands.endswith("--url https://example.org/a.csv")


def test_bash_and_no_provider_are_the_same_but_for_the_name():
    plain, bash = only_job("commands: [ls]"), only_job("{provider: bash, commands: [ls]}")
    assert (plain.provider, bash.provider) == (None, "bash")
    assert plain.commands == bash.commands


def test_a_whole_folder_is_an_artifact_only_when_that_is_written():
    assert only_job("{commands: ls, artifacts: [.]}").artifacts == (".",)


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("{provider: docker, commands: x}", "image", "is missing"),
        ("{provider: python}", "python_script", "is missing"),
        ("{provider: curl, url: 'https://x.org'}", "output", "is missing"),
        ("{provider: python, python_script: a.py, commands: x}", "commands", "not known here"),
        ("{provider: python, python_script: a.py, image: x}", "image", "not known here"),
        ("{provider: [a], commands: x}", "provider", "known here"),
        ("{provider: python, python_script: '-c 1'}", "python_script", "path of a script"),
        ("{provider: python, python_script: [-c, 1]}", "python_script", "path of a script"),
        ("{provider: python, python_script: []}", "python_script", "at least one"),
        ('{provider: python, python_script: "a\\nb"}', "python_script", "in one line"),
        ("{provider: python, python_script: {a: b}}", "python_script", "train.py"),
        ("{provider: python, python_script: a, version: new}", "version", "such as 3.11"),
        ("{provider: python, python_script: a, version: 3, python: 3}", "python", "keep one"),
        ("{provider: python, python_script: a, requirements: /r}", "requirements", "below"),
        ("{provider: python, python_script: a, working_dir: /a}", "working_dir", "not begin with"),
        ("{provider: curl, output: a, url: -x}", "url", "https://example.org"),
        ("{provider: curl, output: a, url: 'file:///etc/passwd'}", "url", "https://example.org"),
        ("{provider: curl, output: a, url: 'https://a b'}", "url", "https://example.org"),
        ("{provider: curl, output: ../a, url: 'https://a'}", "output", "without `..`"),
        ("{provider: curl, output: ., url: 'https://a'}", "output", "below the job's folder"),
        ("{commands: x, artifacts: [/etc]}", "artifacts[0]", "without `..`"),
        ("{commands: x, artifacts: [a, a/../..]}", "artifacts[1]", "without `..`"),
        ('{commands: x, artifacts: [""]}', "artifacts[0]", "single dot"),
        ("{commands: x, artifacts: [./]}", "artifacts[0]", "single dot"),
        ("{commands: x, artifacts: [~/data]}", "artifacts[0]", "below the job's folder"),
        ('{commands: x, artifacts: ["a\\nb"]}', "artifacts[0]", "below the job's folder"),
        ("{commands: x, artifacts: [a, ./a/]}", "artifacts[1]", "twice"),
        ("{commands: x, artifacts: a}", "artifacts", "a list"),
        ("{commands: x, ports: 65}", "ports", "from 0 to 64"),
        ("{commands: x, ports: many}", "ports", "from 0 to 64"),
    ],
)
def test_it_says_what_was_expected_where(text, where, says):
    line, place, sentence = problems(text)[0]
    assert (line, place) == (1, where)
    assert says in sentence
