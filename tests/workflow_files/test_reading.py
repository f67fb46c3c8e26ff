import textwrap

import pytest

from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.workflow_files import UnknownWorkflow, read_workflows


def only_job(text):
    (workflow,) = read_workflows(textwrap.dedent(text)).items
    (job,) = workflow.jobs()
    return job


def test_it_reads_every_key():
    job = only_job("""
        workflows:
          - name: train
            provider: bash
            image: debian:12
            commands: [python train.py]
            environment: {SEED: 2}
            resources: {cpu: 1.5, memory: 16GB, gpu: {count: 2, name: V100, memory: 8GB},
                        shm_size: 512MiB, interruptible: true}
            timeout: 1h30m
            retries: 3
            queue-timeout: 600
            working_dir: src
            labels: [fast-disk]
        """)
    assert job == JobSpec(
        commands="python train.py",
        workflow_name="train",
        image="debian:12",
        working_dir="src",
        environment={"SEED": "2"},
        ask=Ask(1500, 16384, 512, 2, "V100", 8192, frozenset({"fast-disk"}), True, True),
        timeout_s=5400,
        queue_timeout_s=600,
        retries=3,
        provider="bash",
    )


def test_a_single_workflow_needs_no_list_and_no_name():
    assert only_job("commands: echo hello") == JobSpec("echo hello")


def test_several_workflows_keep_their_order():
    text = "workflows:\n- {name: b, commands: x}\n- {name: a, commands: y}"
    assert read_workflows(text).names == ["b", "a"]


def test_a_block_of_text_is_one_command():
    assert only_job("commands: |\n  echo a\n  echo b\n").commands == "echo a\necho b\n"


@pytest.mark.parametrize("text", ["true", "yes", "on", "1.10", "0080", "1:30", "2024-01-01"])
def test_text_stays_as_it_was_written(text):
    job = only_job(f"commands: {text}\nenvironment: {{V: {text}}}\nlabels: [{text}]")
    assert job.commands == job.environment["V"] == next(iter(job.ask.labels)) == text


def test_the_environment_may_be_a_list():
    job = only_job("commands: x\nenvironment:\n- A=b=c\n- EMPTY=\n")
    assert job.environment == {"A": "b=c", "EMPTY": ""}


@pytest.mark.parametrize(
    ("resources", "count", "name"),
    [
        ("gpu: 2", 2, None),
        ('gpu: "2"', 2, None),
        ("gpu: {name: V100}", 1, "V100"),
        ("gpu: {count: 3}", 3, None),
        ("v100/gpu: 2", 2, "v100"),
    ],
)
def test_gpus_may_be_asked_in_every_documented_form(resources, count, name):
    ask = only_job(f"commands: x\nresources: {{{resources}}}").ask
    assert (ask.gpu_count, ask.gpu_name) == (count, name)


def test_a_key_with_nothing_behind_it_counts_as_left_out():
    assert only_job("commands: x\nimage:\nresources:\n  cpu:\n") == JobSpec("x")


def test_an_alias_brings_in_what_it_names_and_own_keys_win():
    file = read_workflows(
        "workflows:\n- {name: a, commands: x, environment: &base {A: a, B: b}}\n"
        "- {name: c, commands: x, environment: {<<: *base, B: c}}"
    )
    assert file.pick("c").jobs()[0].environment == {"A": "a", "B": "c"}


def test_lines_may_end_as_windows_ends_them():
    assert only_job("commands:\r\n- a\r\n- b\r\n").commands.count("eval") == 2


def test_the_only_workflow_needs_not_be_named():
    assert read_workflows("workflows:\n- {name: a, commands: x}").pick(None).name == "a"


@pytest.mark.parametrize("name", [None, "train", ""])
def test_a_workflow_that_is_not_there_is_named_with_those_that_are(name):
    workflows = read_workflows("workflows:\n- {name: a, commands: x}\n- {name: b, commands: x}")
    with pytest.raises(UnknownWorkflow, match="a, b"):
        workflows.pick(name)


def test_the_tags_of_plain_yaml_are_taken():
    text = "commands: !!str 1.10\nretries: !!int 2\nlabels: !!seq [a]"
    job = only_job(text)
    assert (job.commands, job.retries, job.ask.labels) == ("1.10", 2, {"a"})
