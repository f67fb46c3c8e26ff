"""The first script of a machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from webapp.cloud.userdata import LIMIT, Settings, user_data


def script(container: bool = False, url: str = "https://runners.example.org") -> str:
    return user_data(Settings(url, "a-bootstrap-token", 20, container))


def test_the_dead_mans_switch_is_armed_before_anything_that_can_fail():
    first, second, third, *_ = script().splitlines()
    assert (first, second, third) == ("#!/bin/sh", "shutdown -h +20", "set -eu")


def test_the_same_settings_are_the_same_bytes():
    assert script() == script()


@pytest.mark.parametrize("container", [True, False])
def test_an_engine_is_installed_only_when_the_job_needs_one(container: bool):
    assert ("docker.io" in script(container)) is container


@pytest.mark.parametrize("git", [True, False])
def test_git_is_installed_only_when_the_job_needs_it_and_it_is_missing(git: bool):
    text = user_data(Settings("https://runners.example.org", "t", 20, False, git))
    assert ("if ! command -v git" in text and "install --no-install-recommends git" in text) is git
    assert subprocess.run(["sh", "-n"], input=text, text=True).returncode == 0


@pytest.mark.parametrize("container", [True, False])
def test_it_is_small_and_proper_shell(container: bool):
    text = script(container)
    assert len(text.encode()) < LIMIT
    assert subprocess.run(["sh", "-n"], input=text, text=True).returncode == 0


def test_shellcheck_finds_no_fault_in_it():
    text = user_data(Settings("https://runners.example.org", "t", 20, True, True))
    command = [str(Path(sys.executable).with_name("shellcheck")), "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_token_is_given_on_standard_input_and_not_to_a_program():
    (line,) = [each for each in script().splitlines() if "a-bootstrap-token" in each]
    assert line.strip().startswith("printf ") and "--token - " in line + " "


def test_an_address_cannot_break_out_of_the_script():
    text = script(url="https://x.example/'; touch pwned; '")
    assert "SERVER='https://x.example/'\"'\"'; touch pwned; '\"'\"''" in text


def test_what_ec2_would_refuse_is_refused_here():
    with pytest.raises(ValueError, match="16384 bytes"):
        script(url="https://" + "x" * LIMIT)


def test_the_token_is_not_shown_by_accident():
    assert "a-bootstrap-token" not in repr(Settings("u", "a-bootstrap-token", 1, False))


def test_the_agent_is_installed_in_the_home_of_the_machine():
    text = script()
    assert text.index('export PREFIX="$HOME/.local"') < text.index("sh get-dstack-runner.sh")
