"""What people and machines do in a day, right and wrong, with each kind of secret in its place."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.e2e.canaries.place import CPU, LARGE, REGION, Place
from tests.waiting import eventually
from webapp.clock import now
from webapp.extensions import db
from webapp.models.aws_account import AwsAccount
from webapp.models.catalogue import keep_offerings, keep_regions
from webapp.models.installation import the_installation
from webapp.models.instance import Instance
from webapp.models.job import Job
from webapp.models.repo import Repo
from webapp.models.run import Run
from webapp.models.runner import Runner
from webapp.models.token import Token
from webapp.models.transaction import writing
from webapp.storage import log_store


class Story:
    """`tell()` once; `jobs` are those that printed their secret."""

    def __init__(self, place: Place) -> None:
        self.place, self.browser, self.secrets = place, place.browser, place.secrets
        self.jobs: list[str] = []

    def tell(self) -> None:
        self._come_in()
        self._enter_aws()
        self._enter_secrets()
        self._enter_repositories()
        self._run()
        self._go_wrong()
        self._note_what_the_server_made()
        self.place.gate.touch()
        for job in self.jobs:
            eventually(lambda j=job: self._job(j).status == "done", 60, f"the end of {job}")
        self._look_at_everything()
        eventually(lambda: self._statuses() == {"terminated"}, 60, "the end of the machine")
        self._break_the_server()

    def _come_in(self) -> None:
        password = self.secrets["password"]
        path = f"/setup?token={self.secrets['one-time link']}"
        mine = {"name": "ada", "email": "ada@example.org", "password": password}
        status, _ = self.browser.send(path, **mine, again=password)
        assert status == 200
        self.browser.send("/logout", page="/settings/account")
        assert self.browser.send("/login", name="ada", password=password + "x")[0] == 401
        assert self.browser.send("/login", name="ada", password=password)[0] == 200
        with self.place.app.app_context():
            self.secrets["personal token"] = db.session.scalars(select(Token.secret)).one()
            db.session.remove()
        form = {"token_name": "mine", "scope": "admin"}
        _, page = self.browser.send("/settings/tokens", page="/settings/account", **form)
        found = re.search(r"[A-Za-z0-9_-]{30,}(?=<)", page)
        assert found, page
        self.secrets["scoped token"] = found[0]

    def _enter_aws(self) -> None:
        """Keys that AWS does not know, then those it does, and a limit."""
        ready = self.place.aws.ready
        wrong = {
            "source": "keys",
            "access_key_id": "AKIAWRONGWRONGWRONG0",
            "secret_access_key": self.secrets["refused-key"],
            "session_token": self.secrets["session-token"],
        }
        assert self.browser.send("/settings/aws/keys", **wrong)[0] == 200
        check = "checked_at"
        eventually(lambda: self._account()[check], what="an answer of AWS to wrong keys")
        self.secrets["AWS key"] = ready["secret_access_key"]
        names = ("access_key_id", "secret_access_key")
        keys = {f"aws_{name}": ready[name] for name in names}
        assert self.call("users/aws/config", **keys, aws_region=REGION) == 200
        self.call("on-demand/settings/update", enabled=True, idle_seconds=0)
        offering = {"instance_type": LARGE, "cpu_milli": CPU * 1000, "memory_mib": 65536}
        offering |= {"gpus": [], "arch": "x86_64", "zones": [f"{REGION}a"]}
        offering["purchase_types"] = ["spot", "on-demand"]
        with self.place.app.app_context():
            with writing():
                keep_regions([(REGION, True)], now())
                keep_offerings(REGION, [offering], now())
            db.session.remove()
        wish = {"region_name": REGION, "instance_type": LARGE, "purchase_type": "spot"}
        assert self.call("on-demand/limits/set", **wish, maximum=1) == 200

    def _enter_secrets(self) -> None:
        assert self.call("secrets/set", name="TOLD", value=self.secrets["stored"]) == 200
        pasted = self.secrets["pasted"]
        assert self.browser.send("/settings/secrets/add", name="PASTED", value=pasted)[0] == 200
        refused = self.secrets["refused-value"]
        assert self.call("secrets/set", name="1 WRONG", value=refused) == 400
        assert self.browser.send("/settings/secrets/add", name="1 W", value=refused)[0] == 400
        assert self.call("secrets/set", name="X", value={"a": refused}) == 400
        body = json.dumps({"name": "X", "value": refused}).encode()[:-1]
        assert self._open("/api/secrets/set", body, self.secrets["personal token"]) == 400

    def _enter_repositories(self) -> None:
        urls = self.place.urls
        wrong = {"repo_url": urls["token-http"], "github_token": self.secrets["refused-value"]}
        assert self.call("repos/init", **wrong) == 400
        ways: dict[str, dict[str, Any]] = {
            "token-http": {"github_token": self.secrets["token-http"]},
            "private key": {
                "private_key": self.secrets["private key"],
                "passphrase": self.secrets["passphrase"],
            },
        }
        for kind, way in ways.items():
            assert self.call("repos/init", repo_url=urls[kind], **way) == 200
        form = {"kind": "password", "user_name": "max", "password": self.secrets["refused-value"]}
        pages, url = "/settings/repositories", urls["password-http"]
        assert self.browser.send(f"{pages}/add", url=url, **form)[0] == 200
        row = select(Repo.id, Repo.problem, Repo.checked_at).where(Repo.url == url)
        eventually(lambda: self._row(row).problem, what="git's words on a wrong password")
        form["password"] = self.secrets["password-http"]
        replace = f"{pages}/{self._row(row).id}/replace"
        assert self.browser.send(replace, **form)[0] == 200
        eventually(lambda: self._row(row).problem is None and self._row(row).checked_at)

    def _run(self) -> None:
        for kind, workflow in (
            ("token-http", "far"),
            ("token-http", "tells"),
            ("private key", "tells"),
        ):
            about = {"repo_url": self.place.urls[kind], "repo_branch": "main", "variables": {}}
            assert self.call("runs/submit", **about, workflow_name=workflow) == 200
        agent, token = self.place.agent, self.secrets["personal token"]
        wrong = agent.run(
            "config", "--server", self.place.tap.url, "--token", "-", stdin="x" + token
        )
        assert wrong.returncode != 0 and token not in wrong.stderr
        words = ("config", "--server", self.place.tap.url, "--name", "mine", "--token", "-")
        done = agent.run(*words, stdin=token)
        assert done.returncode == 0, done.stderr
        agent.start()
        with self.place.app.app_context():
            self.jobs = list(db.session.scalars(select(Job.id)))
            db.session.remove()
        for job in self.jobs:
            eventually(lambda j=job: b"told ***" in self._log(j), 60, f"the secret of {job}")

    def _go_wrong(self) -> None:
        """Secrets that are wrong, or in the wrong place."""
        mistyped, token = self.secrets["mistyped"], self.secrets["personal token"]
        for path in ("/api/runs/query", "/metrics"):
            assert self._open(path, None, mistyped) in (401, 403)
        for path in ("poll", "runners", f"jobs/{self.jobs[0]}/secrets"):
            assert self._open(f"/agents/v1/{path}", b"{}", mistyped) in (400, 401)
        assert self._open("/metrics", None, self.secrets["metrics"]) == 200
        assert self._open(f"/api/runs/query?token={token}", None, "") == 401
        assert self._open("/api/runs/submit", b"{" + token.encode(), token) == 400
        assert self.call("users/info", token=token) in (200, 400)
        headers = {"X-Forwarded-Host": "evil.example", "Cookie": f"runners_session={mistyped}"}
        assert self._open("/runs", None, token, **headers) == 200  # the login page

    def _look_at_everything(self) -> None:
        """Every page and fragment, as the admin, and every question of the API."""
        with self.place.app.app_context():
            run = db.session.scalars(select(Run.name)).first()
            runners = db.session.scalars(select(Runner.name)).all()
            db.session.remove()
        for rule in list(self.place.app.url_map.iter_rules()):
            if "GET" not in rule.methods or rule.rule.startswith(("/static", "/setup", "/logout")):
                continue
            for name in runners if rule.rule.startswith("/runners/<") else [run]:
                status = self._look(rule, name)
                assert status < 500, f"{rule}: {status}"

    def _look(self, rule: Any, name: str) -> int:
        kinds = {"secrets": "TOLD", "tokens": "mine", "members": "ada"}
        part = rule.rule.split("/")[2] if rule.rule.startswith("/settings/") else ""
        values = {"name": kinds.get(part, name), "run_name": name, "job_id": self.jobs[-1]}
        values |= {
            "repo_id": 1,
            "limit_id": 1,
            "file": "out/a",
            "path": "out/a",
            "stranger_id": "i-0",
        }
        needed = {word: values[word] for word in rule.arguments}
        path = self.place.app.url_map.bind("anywhere").build(rule.endpoint, needed)
        if rule.rule.startswith("/api/"):
            return self._open(path, None, self.secrets["scoped token"])
        return self.browser.get(f"{path}?path=out/a")[0]

    def _note_what_the_server_made(self) -> None:
        data = self.place.settings.data_dir
        self.secrets["session cookie"] = self.browser.session().rpartition(".")[2]
        self.secrets["encryption key"] = (data / "encryption.key").read_text().strip()
        self.secrets["session key"] = (data / "session.key").read_text().strip()
        config = (self.place.agent.home / "runner.yaml").read_text()
        self.secrets["credential"] = re.search(r"credential: \W*([A-Za-z0-9_-]{30,})", config)[1]
        with self.place.app.app_context():
            keyring, row = self.place.app.extensions["keyring"], the_installation()
            self.secrets["digest key"] = bytes.fromhex(keyring.open(row.sealed_digest_key))
            (ec2_id,) = db.session.scalars(select(Instance.ec2_id))
            db.session.remove()
        machine = Path(self.place.aws.ready["root"]) / ec2_id
        script = (machine / "user-data").read_text()
        self.secrets["bootstrap token"] = re.search(r"printf \S+ '?([\w-]{30,})", script)[1]

    def _break_the_server(self) -> None:
        """A fault that nobody foresaw, with a traceback in the log."""
        with self.place.app.app_context():
            path = log_store()._path(self.jobs[-1], 1)
        path.unlink()
        path.mkdir()
        token = self.secrets["personal token"]
        assert self._open(f"/api/jobs/{self.jobs[-1]}/logs?offset=0", None, token) == 500
        assert self.browser.get(f"/jobs/{self.jobs[-1]}/log")[0] == 500
        assert "Traceback" in self.place.server.log.read_text()

    def call(self, path: str, **body: Any) -> int:
        """A call of the API with the personal token."""
        content = json.dumps(body).encode()
        return self._open(f"/api/{path}", content, self.secrets["personal token"])

    def _open(self, path: str, body: bytes | None, secret: Any, **headers: str) -> int:
        request = urllib.request.Request(self.place.tap.url + path, body, headers)
        request.add_header("Authorization", f"Bearer {secret}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
                return answer.status
        except urllib.error.HTTPError as error:
            error.read()
            return error.code

    def _row(self, query: Any) -> Any:
        with self.place.app.app_context():
            row = db.session.execute(query).one()
            db.session.remove()
        return row

    def _job(self, job: str) -> Any:
        return self._row(select(Job.__table__).where(Job.id == job))

    def _log(self, job: str) -> bytes:
        with self.place.app.app_context():
            return log_store().read(job, self._job(job).attempt, 0, 1 << 20)

    def _statuses(self) -> set[str]:
        with self.place.app.app_context():
            found = set(db.session.scalars(select(Instance.status)))
            db.session.remove()
        return found

    def _account(self) -> Any:
        return self._row(select(AwsAccount.__table__))._mapping
