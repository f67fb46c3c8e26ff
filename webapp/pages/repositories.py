"""Settings → Repositories: whose code runs may use, and what opens it."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.engine.repository_access import NONE, PASSWORD, SSH_KEY, TOKEN
from webapp.engine.words import count
from webapp.extensions import db
from webapp.models.changes import newest_event
from webapp.models.repo import Repo, repo_at, repos, unfinished_runs_of
from webapp.models.repo_changes import delete_repo, forget_hosts, propose_repo, want_repo_check
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.pages.live import NOTHING_NEW, Version, order_of, seen, version
from webapp.pages.repository_form import CredentialsForm, RepositoryForm
from webapp.people import me
from webapp.repositories import forget_mirror

_KINDS = {NONE: "Nothing", TOKEN: "Token", PASSWORD: "Password", SSH_KEY: "SSH key"}
_CHECKED = "git tries it now; what opened it before stays until that went well."


@pages.get("/settings/repositories")
@allow("member")
def repositories() -> str:
    """All of them."""
    return render_template("settings/repositories.html", **_live())


@pages.get("/settings/repositories/changes")
@allow("member")
def repositories_changes() -> str | tuple[str, int]:
    """The list, when it is not what the page shows."""
    about = _live()
    if seen() == about["shown"]:
        return NOTHING_NEW
    return render_template("settings/repositories_changes.html", whole=True, **about)


@pages.route("/settings/repositories/add", methods=["GET", "POST"])
@allow("member")
def add_repository() -> str | Response | tuple[str, int]:
    """One more, or another thing that opens one that is known."""
    form = RepositoryForm()
    if form.validate_on_submit():
        known = repo_at(form.url.data)
        _propose(form.url.data, form)
        fate = f"known already: {_CHECKED}" if known else "added: git tries it now."
        flash(f"{form.url.data} is {fate}")
        return _back()
    return _page(form, None)


@pages.route("/settings/repositories/<int:repo_id>/replace", methods=["GET", "POST"])
@allow("member")
def replace_credentials(repo_id: int) -> str | Response | tuple[str, int]:
    """Another thing that opens it."""
    repo = _known(repo_id)
    form = CredentialsForm(kind=repo.kind)
    form.address = repo.url
    if form.validate_on_submit():
        _propose(repo.url, form)
        flash(f"Kept, encrypted: {_CHECKED}")
        return _back()
    return _page(form, repo)


@pages.post("/settings/repositories/<int:repo_id>/check")
@allow("member")
def check_repository(repo_id: int) -> Response:
    """Ask for another check; the page shows the result when it is there."""
    repo = _known(repo_id)
    with writing():
        want_repo_check(me(), repo, now())
    return _back()


@pages.route("/settings/repositories/<int:repo_id>/forget", methods=["GET", "POST"])
@allow("admin")
def forget_host_keys(repo_id: int) -> str | Response | tuple[str, int]:
    """After saying what that means."""
    repo = _known(repo_id)
    return confirm(
        "Forget the host keys?",
        (
            f"The next time that {repo.url} is reached, whatever key its host shows is believed.",
            "Do this when you know that the key was changed on purpose.",
        ),
        button="Forget host keys",
        back=url_for("pages.repositories"),
        act=lambda: _forgotten(repo_id),
    )


@pages.route("/settings/repositories/<int:repo_id>/delete", methods=["GET", "POST"])
@allow("admin")
def delete_repository(repo_id: int) -> str | Response | tuple[str, int]:
    """After saying what needs it."""
    repo = _known(repo_id)
    runs = unfinished_runs_of(repo)
    needs = f"{count(len(runs), 'unfinished run')}: {', '.join(runs[:5])}" if runs else "no run"
    more = f" and {len(runs) - 5} more" if len(runs) > 5 else ""
    return confirm(
        f"Delete {repo.url}?",
        (
            "What opens it is forgotten, and the server's copy of it is removed.",
            f"Needed now by {needs}{more}. Jobs that have not begun yet fail without it.",
        ),
        button="Delete repository",
        back=url_for("pages.repositories"),
        act=lambda: _deleted(repo_id),
    )


def _live() -> dict[str, Any]:
    shown, rows = _shown(), repos()
    about = {"repos": rows, "kinds": _KINDS, "shown": shown}
    poll = url_for("pages.repositories_changes", v=str(shown))
    return {**about, "poll": poll, "section": "Settings", "tab": "Repositories"}


def _shown() -> Version:
    states = [(repo.id, repo.check_wanted_at, repo.checked_at, repo.updated_at) for repo in repos()]
    return version(newest_event(), order_of(states))


def _propose(url: str, form: CredentialsForm) -> None:
    with writing():
        propose_repo(me(), current_user.id, url, form.credentials(), now())


def _forgotten(repo_id: int) -> Response:
    with writing():
        forget_hosts(me(), _known(repo_id), now())
    flash("The host keys are forgotten.")
    return _back()


def _deleted(repo_id: int) -> Response:
    with writing():
        delete_repo(me(), _known(repo_id), now())
    forget_mirror(repo_id)
    flash("The repository is deleted.")
    return _back()


def _known(repo_id: int) -> Repo:
    repo = db.session.get(Repo, repo_id) if repo_id < 2**31 else None
    if repo is None:
        abort(404, "There is no such repository any more.")
    return repo


def _page(form: CredentialsForm, repo: Repo | None) -> str | tuple[str, int]:
    tried = form.is_submitted()
    about = {"section": "Settings", "tab": "Repositories", "repo": repo}
    page = render_template("settings/repository.html", form=form.without_secrets(), **about)
    return (page, 400) if tried else page


def _back() -> Response:
    return redirect(url_for("pages.repositories"), 303)
