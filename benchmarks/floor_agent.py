"""The agent of the floor: claim, start a process, wait for it, say so.

`python -m benchmarks.floor_agent URL THREADS`
"""

import subprocess
import sys
import threading

from benchmarks.connection import Connection


def work(url: str) -> None:
    """One thread, one connection, one job after the other."""
    connection = Connection(url)
    while True:
        answer = connection.post("/claim", {})
        if answer["job"] is not None:
            subprocess.Popen(["/bin/sh", "-c", answer["command"]]).wait()
            connection.post("/done", {"job": answer["job"]})


if __name__ == "__main__":
    workers = [threading.Thread(target=work, args=(sys.argv[1],)) for _ in range(int(sys.argv[2]))]
    for worker in workers:
        worker.start()
