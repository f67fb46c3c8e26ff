"""What an agent does on a machine of EC2: the metadata service and the dead-man's switch."""

import datetime
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.runner_client.peer import job
from tests.waiting import eventually

NAME = "0123456789ab"


class MetadataService:
    """IMDSv2: no token, no answer. `ends_in`: announce the end in so many seconds."""

    def __init__(self):
        self.ends_in = None
        self._said = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def notice(self):
        if self.ends_in is None:
            return None
        if self._said is None:
            at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self.ends_in)
            self._said = json.dumps({"action": "terminate", "time": f"{at:%Y-%m-%dT%H:%M:%SZ}"})
        return self._said

    def _handler(self):
        service = self

        class Handler(BaseHTTPRequestHandler):
            def _say(self, status, text=""):
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def do_PUT(self):
                self._say(200, "a-token")

            def do_GET(self):
                if self.headers["X-aws-ec2-metadata-token"] != "a-token":
                    self._say(401)
                elif self.path == "/latest/meta-data/instance-id":
                    self._say(200, "i-0123456789abcdef0")
                elif self.path.endswith("instance-action") and service.notice():
                    self._say(200, service.notice())
                else:
                    self._say(404)

            def log_message(self, *_):
                """Quiet."""

        return Handler


@pytest.fixture
def metadata():
    with MetadataService() as service:
        yield service


@pytest.fixture
def machine(peer, configured, metadata):
    peer.terms["metadata_seconds"] = 0.1
    configured.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata.url
    return configured


def test_it_says_which_instance_it_is(peer, machine):
    machine.start()
    eventually(lambda: peer.made("start"))
    assert peer.made("start")[0]["machine"]["instance_id"] == "i-0123456789abcdef0"


def test_an_interruption_is_told_at_once_and_the_job_is_handed_back(peer, machine, metadata):
    peer.jobs = [job(NAME, "trap 'echo saved; exit 1' TERM; echo up; while :; do sleep 0.1; done")]
    machine.start()
    eventually(lambda: peer.logs[NAME])
    metadata.ends_in = 22
    eventually(lambda: [b for b in peer.made("heartbeat") if b["interruption"]], 5)
    report = eventually(lambda: peer.finished(NAME))[0]
    assert (report["outcome"], report["reason"]) == (
        "returned",
        "the machine was interrupted by EC2",
    )
    assert b"saved" in peer.logs[NAME]
    assert eventually(lambda: peer.made("poll")[-1]["slots"] == 0)


def test_an_idle_machine_tells_too_and_takes_no_more(peer, machine, metadata):
    machine.start()
    eventually(lambda: peer.made("poll"))
    metadata.ends_in = 120
    eventually(lambda: [b for b in peer.made("heartbeat") if b["interruption"]], 5)
    eventually(lambda: peer.made("poll")[-1]["slots"] == 0, 5)
    assert machine.process.poll() is None


def shutdown_in(folder):
    """A `shutdown` that only notes what it was told."""
    folder.mkdir()
    command = folder / "shutdown"
    command.write_text(f'#!/bin/sh\necho "$@" >> {folder}/said\n')
    command.chmod(0o755)
    return folder


def test_the_dead_mans_switch_is_pushed_while_the_server_is_heard(peer, configured, tmp_path):
    place = shutdown_in(tmp_path / "bin")
    configured.variables |= {"DSTACK_DEADMAN_MINUTES": "7", "PATH": f"{place}:/usr/bin:/bin"}
    configured.start()
    eventually(lambda: (place / "said").exists() and "+7" in (place / "said").read_text())
    assert (place / "said").read_text() == "-c\n-h +7\n"


def test_it_is_left_alone_while_the_server_is_away(peer, configured, tmp_path):
    place = shutdown_in(tmp_path / "bin")
    configured.variables |= {"DSTACK_DEADMAN_MINUTES": "7", "PATH": f"{place}:/usr/bin:/bin"}
    peer.faults["start"] = [b"gone\r\n"] * 100
    configured.start()
    eventually(lambda: len(peer.made("start")) > 3)
    assert not (place / "said").exists()
