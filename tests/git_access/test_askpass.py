"""Who is told what: the program that git and ssh ask."""

import subprocess

import pytest

from git_access.askpass import Answers, script


@pytest.fixture
def ask(tmp_path):
    paths = {}
    for name in ("user_name", "secret", "passphrase"):
        paths[name] = str(tmp_path / f"{name}'s place")
        (tmp_path / f"{name}'s place").write_text(f"the {name}")

    def call(question, url="https://host.example.org:8443/me/thing", user="me", **answers):
        program = tmp_path / "askpass"
        program.write_text(script(url, user, Answers(**{**paths, **answers})))
        program.chmod(0o700)
        return subprocess.run([program, question], capture_output=True, text=True).stdout

    return call


HOST = "https://host.example.org:8443"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (f"Username for '{HOST}': ", "the user_name"),
        (f"Password for '{HOST.replace('//', '//me@')}': ", "the secret"),
        (f'Username for "{HOST}"', "the user_name"),
        (f'Password for "{HOST.replace("//", "//me@")}"', "the secret"),
        ("Enter passphrase for key '/proc/17/fd/4': ", "the passphrase"),
        ("Username for 'https://evil.example.org': ", ""),
        ("Username for 'https://host.example.org': ", ""),
        ("Username for 'http://host.example.org:8443': ", ""),
        (f"Username for '{HOST}.evil.example.org': ", ""),
        ("Password for 'https://me@evil.example.org': ", ""),
        (f"Password for '{HOST.replace('//', '//other@')}': ", ""),
        (f"Password for '{HOST.replace('//', '//me@')}' @evil.example.org': ", ""),
        ("Password for 'https://me@host.example.org:8443@evil.example.org': ", ""),
        ("The authenticity of host can't be established. Continue (yes/no)? ", ""),
        ("", ""),
    ],
)
def test_it_answers_for_its_own_server_alone(ask, question, answer):
    assert ask(question) == answer


@pytest.mark.parametrize("spelling", ["me@work.org", "me%40work.org"])
def test_a_user_with_a_sign_in_its_name_is_known_in_both_spellings(ask, spelling):
    assert ask(f"Password for 'https://{spelling}@host': ", "https://host/x", "me@work.org")


def test_what_is_not_there_is_not_answered(ask):
    assert ask("Enter passphrase for key: ", passphrase=None) == ""
    assert ask(f"Password for '{HOST.replace('//', '//me@')}': ", secret=None) == ""
