"""This machine as a self-hosted runner: the four lines, in a folder of the demo."""

import urllib.request
from pathlib import Path

from scripts.demo.children import Child, run


class DemoMachine:
    """Installed by the server's own installer; nothing is written outside of `folder`."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self.program = folder / "machine" / "bin" / "dstack-runner"
        self.environment = {"DSTACK_HOME": str(folder / "machine" / "home")}
        script = folder / "get-dstack-runner.sh"
        with urllib.request.urlopen(f"{url}/runner", timeout=20) as answer:
            script.write_bytes(answer.read())
        prefix = {"PREFIX": str(folder / "machine")}
        run(["sh", str(script)], {**self.environment, **prefix})
        config = [str(self.program), "config", "--token", "-", "--name", "this-machine"]
        run(config, self.environment, text=token + "\n")
        self._child = Child([str(self.program), "start"], folder / "machine.log", self.environment)

    def stop(self) -> None:
        """End the agent and what it runs."""
        self._child.stop()
