"""What `shutdown` and its relatives run inside a machine: ask the simulator."""

import json
import os
import sys
import urllib.error
import urllib.request

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
    base = os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"]
    asked = urllib.request.Request(  # noqa: S310 - our own loopback address
        base + "/practice/power", json.dumps(words).encode(), method="POST"
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=10) as answer:
            sys.stderr.write(answer.read().decode() + "\n")
        return 0
    except urllib.error.HTTPError as error:
        return complain(error.read().decode())


def complain(sentence):
    sys.stderr.write(f"[machine] {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
