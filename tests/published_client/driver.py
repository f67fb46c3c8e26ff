"""Runs on the published client's Python: imports it once, then runs each command in a fork, as if
it had been typed. One JSON object a line in, one a line out."""

import json
import os
import sys
import tempfile
import traceback


def run(words, folder, variables, output):
    os.chdir(folder)
    os.environ.update(variables)
    for number in (1, 2):
        os.dup2(output.fileno(), number)
    sys.argv = ["dstack", *words]
    from dstack.cli.main import main

    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001 - what a person would see
        traceback.print_exc(file=sys.stdout)
        return 1
    return 0


def answer(asked):
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            code = run(asked["words"], asked["folder"], asked["variables"], output)
            sys.stdout.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        return {"code": os.WEXITSTATUS(status), "text": output.read().decode()}


if __name__ == "__main__":
    import dstack.cli.main  # noqa: F401 - here, so that no fork has to

    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
