"""`make demo`: a server, a runner on this machine, a workflow run to its end, in one terminal."""
