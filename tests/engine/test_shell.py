import subprocess

import pytest

from webapp.engine.shell import script

SHELLS = (["/bin/sh"], ["/bin/bash", "--posix"])


def run(commands, shell=("/bin/sh",), **options):
    ended = subprocess.run(
        [*shell, "-c", script(commands)], capture_output=True, text=True, timeout=20, **options
    )
    return ended.returncode, ended.stdout


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("commands", "code", "output"),
    [
        (["echo a", "echo b"], 0, "a\nb\n"),
        (["echo a", "false", "echo b"], 1, "a\n"),
        (["(exit 7)", "echo b"], 7, ""),
        (["false || echo saved", "echo b"], 0, "saved\nb\n"),
        (["false; true", "echo b"], 0, "b\n"),
        (["true; false", "echo b"], 1, ""),
        (["false && true", "echo b"], 1, ""),
        (["echo a | cat", "echo b"], 0, "a\nb\n"),
        (["true | false", "echo b"], 1, ""),
        (["echo a # a comment", "echo b"], 0, "a\nb\n"),
        (["# nothing but words", "echo b"], 0, "b\n"),
        (["cat <<END\none\n&& two\nEND", "echo b"], 0, "one\n&& two\nb\n"),
        (["echo a\necho c", "echo b"], 0, "a\nc\nb\n"),
        (["echo a \\", "echo b"], 0, "a\nb\n"),
        (["echo a \\\n  c", "echo b"], 0, "a c\nb\n"),
        (["cd /", "pwd"], 0, "/\n"),
        (["A='it'\"'\"'s'", 'echo "$A"'], 0, "it's\n"),
        (['say() { echo "said $1"; }', "say it"], 0, "said it\n"),
        (["if true; then echo yes; fi", "echo b"], 0, "yes\nb\n"),
        (["set -e\nfalse\necho unseen", "echo b"], 1, ""),
        (["set -e", "false\necho unseen"], 1, ""),
        (["echo a; exit 0", "echo b"], 0, "a\n"),
        (["echo a }", "echo b"], 0, "a }\nb\n"),
        (["! true", "echo b"], 1, ""),
        (["sleep 0 &", "wait", "echo b"], 0, "b\n"),
        (["trap 'echo bye' EXIT", "echo b", "(exit 3)", "echo c"], 3, "b\nbye\n"),
    ],
)
def test_the_first_failing_command_ends_the_job(shell, commands, code, output):
    assert run(commands, shell) == (code, output)


@pytest.mark.parametrize("broken", ["echo 'open", 'echo "open', "if true", "(echo", "echo )"])
def test_a_command_that_is_no_shell_ends_the_job_and_reaches_into_no_other(broken):
    code, output = run(["echo a", broken, "echo b'"])
    assert code != 0
    assert output == "a\n"


def test_a_single_command_stays_as_it_was_written():
    assert script(["python train.py --name 'x'"]) == "python train.py --name 'x'"


def test_commands_share_standard_input():
    assert run(["read first", 'read second; echo "$second"'], input="1\n2\n") == (0, "2\n")
