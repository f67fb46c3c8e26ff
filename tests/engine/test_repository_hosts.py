import pytest

from webapp.engine.repository_hosts import trouble

OURS = "192.168.1.7"


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "169.254.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"),
        *("fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200", "224.0.0.1", "ff02::1"),
        "2002:a9fe:a9fe::1",
    ],
)
def test_addresses_of_the_link_and_of_clouds_are_never_asked(address):
    for allow_local in (False, True):
        said = trouble("git.example.org", [OURS, address], allow_local)
        assert said and said.startswith("git.example.org leads to "), address


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"]
)
def test_the_server_itself_is_asked_only_where_that_is_allowed(address):
    assert "ALLOW_LOCAL_REPOS" in (trouble("localhost", [address], allow_local=False) or "")
    assert trouble("localhost", [address], allow_local=True) is None


@pytest.mark.parametrize(
    "address", ["140.82.121.4", OURS, "10.0.0.9", "172.16.3.4", "2606:50c0::1", "fd12::7"]
)
def test_hosts_elsewhere_are_asked_those_of_an_own_network_too(address):
    assert trouble("git.example.org", [address], allow_local=False) is None


def test_a_host_without_an_address_is_gits_to_judge():
    assert trouble("nowhere.invalid", [], allow_local=False) is None
