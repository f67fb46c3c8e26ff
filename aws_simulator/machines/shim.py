"""What `shutdown` and its relatives run inside a machine: ask the simulator."""

import json
import os
import socket
import sys

#: Asked of systemctl by install scripts, and without effect in practice.
WITHOUT_EFFECT = ("daemon-reload", "enable", "disable", "mask", "unmask", "reset-failed")
TO_POWER = ("poweroff", "halt", "reboot")


def main(name, arguments):
    if name == "systemctl":
        verbs = [each for each in arguments if not each.startswith("-")]
        verb = verbs[0] if verbs else ""
        if verb in WITHOUT_EFFECT:
            return 0
        if verb not in TO_POWER:
            return complain(f"systemctl {' '.join(arguments)}: services are not simulated")
        name, arguments = verb, []
    return ask([name, *arguments])


def ask(words):
    """By a plain socket: a machine's first command is `shutdown`, and Python's own clients take
    longer to be read than all the rest of this."""
    base = os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"].removeprefix("http://")
    place, _, machine = base.partition("/")
    host, _, port = place.partition(":")
    body = json.dumps(words).encode()
    head = f"POST /{machine}/practice/power HTTP/1.0\r\nHost: {place}\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    first, _, said = answer.partition(b"\r\n\r\n")
    if first.split(maxsplit=2)[1] != b"200":
        return complain(said.decode())
    sys.stderr.write(said.decode() + "\n")
    return 0


def complain(sentence):
    sys.stderr.write(f"[machine] {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
