"""Arguments behind `dstack run`, as version 0.0.4.2 of the published client sends them."""

import pytest

from webapp.workflow_files import WorkflowErrors, altered, provider_workflow, read_workflows

FILE = """
workflows:
  - name: train
    provider: bash
    commands: ["train ${{ epochs }}"]
    environment: [A=1, B=2]
    resources: {cpu: 2, gpu: 1}
    artifacts: [output]
"""
VARIABLES = "variables: {global: {seed: 7}, train: {epochs: 3}}\n"


def provided(provider, *words, variables=None):
    (job,) = provider_workflow(provider, words, variables).jobs({})
    return job


def changed(*words):
    workflow = read_workflows(FILE, VARIABLES).pick("train")
    (job,) = altered(workflow, words).jobs({})
    return job


@pytest.mark.parametrize(
    ("provider", "words", "commands", "image"),
    [
        ("bash", ["-c", "echo 'a b'"], "echo 'a b'", None),
        ("docker", ["debian:12", "-c", "ls"], "ls", "debian:12"),
        ("docker", ["-c", "ls", "debian:12"], "ls", "debian:12"),
        ("python", ["train.py"], "python train.py", None),
        ("python", ["train.py", "--epochs", "3", "a b"], "python train.py --epochs 3 'a b'", None),
    ],
)
def test_a_provider_with_its_arguments_is_a_job(provider, words, commands, image):
    job = provided(provider, *words)
    assert (job.commands, job.image, job.provider) == (commands, image, provider)
    assert job.workflow_name is None


def test_curl_keeps_the_file_it_fetches():
    job = provided("curl", "https://example.org/a.csv", "-o", "data/a.csv")
    assert "--url https://example.org/a.csv" in job.commands
    assert job.artifacts == ("data/a.csv",)


def test_every_option_that_all_providers_have():
    options = "-e A=b -e C -a out --artifact logs --working-dir src --ports 2 -i --cpu 4"
    options += " --memory 8GB --gpu 2 --gpu-name V100 --gpu-memory 16GB --shm-size 1GB"
    job = provided("bash", "-c", "ls", *options.split())
    assert (job.environment["A"], job.environment["C"]) == ("b", "")
    assert (job.artifacts, job.working_dir, job.ports) == (("out", "logs"), "src", 2)
    assert (job.ask.cpu_milli, job.ask.memory_mib, job.ask.shm_mib) == (4000, 8192, 1024)
    assert (job.ask.gpu_count, job.ask.gpu_name, job.ask.gpu_memory_mib) == (2, "V100", 16384)
    assert job.ask.interruptible is True


def test_the_requirements_of_a_script():
    job = provided("python", "train.py", "-r", "requirements.txt")
    assert job.python.requirements == "requirements.txt"


def test_a_provider_by_itself_has_the_global_variables():
    job = provided("bash", "-c", "echo ${{ seed }}", variables=VARIABLES)
    assert (job.commands, job.environment["SEED"]) == ("echo 7", "7")
    assert "EPOCHS" not in job.environment


@pytest.mark.parametrize(
    ("provider", "words", "says"),
    [
        ("lab", [], "There is no provider lab; there are bash, curl, docker, python."),
        ("bash", [], "required: -c/--command"),
        ("docker", ["-c", "ls"], "required: image"),
        ("python", [], "required: file"),
        ("curl", ["https://example.org/a"], "required: -o/--output"),
        ("bash", ["-c", "ls", "--what"], "Unrecognized arguments: --what"),
        ("bash", ["-c", "ls", "--cpu", "many"], "cpu"),
        ("bash", ["-c", "ls", "--cpu"], "expected one argument"),
        ("bash", ["-c", "ls", "-e", "9=x"], "variable name"),
        ("docker", ["a b;c", "-c", "ls"], "Expected an image"),
        ("python", ["-"], "path of a script"),
        ("bash", ["-c", "a\0b"], "NUL"),
        ("bash", ["-c", "${{ }}"], "name of one variable"),
        ("bash", ["-h"], "required"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(provider, words, says):
    with pytest.raises(WorkflowErrors, match=says):
        provided(provider, *words)


def test_arguments_set_some_properties_of_a_workflow_and_leave_the_others():
    job = changed("-e", "B=3", "--gpu-name", "V100", "--memory", "4GB")
    assert job.commands == "train 3"
    assert {name: job.environment[name] for name in "AB"} == {"A": "1", "B": "3"}
    assert (job.ask.cpu_milli, job.ask.memory_mib) == (2000, 4096)
    assert (job.ask.gpu_count, job.ask.gpu_name) == (1, "V100")
    assert job.artifacts == ("output",)


def test_artifacts_that_are_given_stand_instead_of_those_of_the_file():
    assert changed("-a", "other").artifacts == ("other",)


def test_a_workflow_takes_no_other_arguments():
    with pytest.raises(WorkflowErrors, match="Unrecognized arguments: more"):
        changed("more")


def test_the_file_itself_stays_as_it_is():
    workflows = read_workflows(FILE, VARIABLES)
    altered(workflows.pick("train"), ["-a", "other"])
    assert workflows.pick("train").jobs({})[0].artifacts == ("output",)
