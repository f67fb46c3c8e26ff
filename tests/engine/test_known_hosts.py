import subprocess

import pytest

from webapp.engine.known_hosts import LONGEST, host_keys, merged

KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
ONE, TWO = f"github.com ssh-ed25519 {KEY}\n", f"[10.0.0.1]:2222 ssh-ed25519 {KEY[:-4]}GKJm\n"


def test_a_key_is_shown_with_the_fingerprint_that_ssh_shows(tmp_path):
    (tmp_path / "hosts").write_text(ONE)
    told = subprocess.run(["ssh-keygen", "-lf", tmp_path / "hosts"], capture_output=True, text=True)
    (key,) = host_keys(ONE)
    assert (key.host, key.kind) == ("github.com", "ssh-ed25519")
    assert key.fingerprint in told.stdout


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# comment",
        "github.com",
        "github.com ssh-rsa ***",
        f"@revoked * ssh-rsa {KEY}",
        f"github.com ssh-ed25519 {KEY[:-1]}",
        f"|1|abc|def ssh-rsa {KEY}",
        "<b> ssh-rsa x",
    ],
)
def test_what_is_no_key_is_passed_over(line):
    assert host_keys(line) == []


def test_a_new_host_is_added_and_a_known_one_keeps_its_key():
    other = ONE.replace("OMqq", "XXXX")
    assert merged("", ONE) == ONE
    assert merged(ONE, ONE + TWO) == ONE + TWO
    assert merged(ONE, other) == ONE


def test_it_never_grows_too_long():
    many = "".join(f"host{number} ssh-ed25519 {KEY}\n" for number in range(2000))
    assert 0 < len(merged("", many)) <= LONGEST
