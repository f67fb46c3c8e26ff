"""A server as people start it, practice AWS, repositories and an agent; everything that the server
answers goes through a tap."""

import os
import re
import threading
from contextlib import ExitStack
from pathlib import Path

from aws_simulator.process import SimulatorProcess
from tests.agent_process import AgentProcess
from tests.conftest import test_settings
from tests.e2e.canaries.browser import Browser
from tests.e2e.canaries.processes import Processes
from tests.e2e.canaries.shapes import planted
from tests.e2e.canaries.tap import Tap
from tests.e2e.server_process import ServerProcess
from tests.git_scene.http_server import HttpGit
from tests.git_scene.repository import Repository
from tests.git_scene.ssh_server import Sshd, new_key
from tests.waiting import eventually
from webapp import create_app

REGION, LARGE = "eu-west-1", "m5.4xlarge"
# More than this machine has, so that only one of EC2 can take what asks for it.
CPU = (os.cpu_count() or 1) + 1
WORKFLOWS = """workflows:
  - name: tells
    resources: {cpu: 0.1}
    artifacts: [out]
    commands:
      - echo "told $TOLD"; printf '%s' "$TOLD" | base64; env | sort; mkdir out; echo ok > out/a
      - "echo up; while [ ! -e GATE ]; do sleep 0.1; done"
  - name: far
    resources: {cpu: CPU}
    commands: ['echo "told $TOLD"', "while [ ! -e GATE ]; do sleep 0.1; done"]
"""


class Place:
    """`secrets`: kind -> what was planted, or what the server made."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack
        kinds = ("password", "metrics", "stored", "pasted", "token-http", "password-http")
        kinds += ("passphrase", "session-token", "mistyped", "refused-value", "refused-key")
        self.secrets: dict[str, str | bytes] = {kind: planted(kind) for kind in kinds}
        # Before anybody looks: it is told the passphrase on its command line.
        key = new_key(folder / "key", str(self.secrets["passphrase"]))
        self.secrets["private key"] = key
        self.gate = folder / "gate"
        self.processes = stack.enter_context(Processes(folder))
        self._start_aws_and_server()
        self._open_repositories()
        self.browser = Browser(self.tap.url)
        self.agent = AgentProcess(folder / "agent", PATH=self.processes.path)
        stack.callback(self.agent.close)

    def _start_aws_and_server(self) -> None:
        self.aws = SimulatorProcess(boot=0.3, stop=0.3, enforce_iam=True, root=self.folder)
        self._stack.callback(self.aws.stop)
        starting = threading.Thread(target=self.aws.start)
        starting.start()
        token = self.folder / "metrics-token"
        token.write_text(str(self.secrets["metrics"]))
        self.settings = test_settings(
            self.folder, encryption_key=None, secret_key=None, database_url=None
        )
        self.server = ServerProcess(self.folder, **self._variables(token))
        self.tap = self._stack.enter_context(Tap(self.server.port))
        starting.join()
        self.server.settings |= {
            name: value
            for name, value in self.aws.environment().items()
            if not name.endswith(("_KEY", "_KEY_ID"))
        }
        self.server.settings["PUBLIC_URL"] = self.tap.url
        self._stack.callback(self.server.close)
        self.server.start()
        self.app = create_app(self.settings)
        link = eventually(self._link, what="the one-time link")
        self.secrets["one-time link"] = link.partition("token=")[2]

    def _variables(self, metrics: Path) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.settings.data_dir),
            "DATABASE_URL": "",
            "METRICS_TOKEN_FILE": str(metrics),
            "LOG_LEVEL": "debug",
            "PROCESSES": "1",
            "THREADS": "40",
            "ALLOW_LOCAL_REPOS": "1",
            "TICK_SECONDS": "0.3",
            "POLL_SECONDS": "2",
            "HEARTBEAT_SECONDS": "1",
            "PATH": self.processes.path,
        }

    def _link(self) -> str | None:
        found = re.search(r"/setup\?token=\S+", self.server.log.read_text())
        return found[0] if found else None

    def _open_repositories(self) -> None:
        text = WORKFLOWS.replace("GATE", str(self.gate)).replace("CPU", str(CPU))
        files = {".dstack/workflows.yaml": text, "train.py": "print(1)\n"}
        self.repository = Repository(self.folder / "repos" / "thing", files)
        root = self.repository.folder.parent
        pairs = {"token-http": "x-access-token", "password-http": "max"}
        self.urls = {
            kind: self._stack.enter_context(HttpGit(root, user, str(self.secrets[kind]))).url(
                "thing/.git"
            )
            for kind, user in pairs.items()
        }
        sshd = Sshd(self.folder / "sshd", self.folder / "key")
        self.urls["private key"] = self._stack.enter_context(sshd).url(self.repository.folder)
