"""What the demo decides before it starts anything; the demo itself runs in tests/e2e."""

import socket

from scripts.demo.server import chosen_port


def test_it_takes_the_port_that_it_is_given():
    assert chosen_port("127.0.0.1", "8123") == "8123"


def test_for_0_it_knows_which_free_one_it_is():
    port = chosen_port("127.0.0.1", "0")
    assert int(port) > 1023
    with socket.create_server(("127.0.0.1", int(port))):
        assert chosen_port("127.0.0.1", "0") != port


def test_without_one_it_never_takes_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert chosen_port("127.0.0.1", None) not in ("0", str(taken.getsockname()[1]))
