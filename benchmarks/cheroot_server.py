"""`python -m benchmarks.cheroot_server`: the application under cheroot, for the comparison."""

import os

from cheroot.wsgi import Server

from wsgi import app

if __name__ == "__main__":
    server = Server(
        ("127.0.0.1", int(os.environ["PORT"])), app, numthreads=1100, max=1100, timeout=120
    )
    server.keep_alive_conn_limit = 2000
    server.request_queue_size = 1024
    server.start()
