"""Run workflow, of a commit of a repository.

The form looks things up while it is filled in; without scripts its button "Look it up" does.
"""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectChoice, SelectField, StringField

from webapp.access import allow
from webapp.engine.jobs import Code
from webapp.models.repo import Repo, repos
from webapp.pages import pages
from webapp.pages.new_run.choice import Choice, choice_of
from webapp.people import me
from webapp.repositories import CodeProblem, Source, UnknownRepository, branches, source_of

_FIELDS = {"repo_url": "repo", "repo_branch": "branch", "repo_hash": "commit"}


def _tidy(text: str | None) -> str:
    return (text or "").strip()


class CommitForm(FlaskForm):
    """`seen` is the commit that the page shows, so that it is the one that runs, unless another
    repository or branch was chosen since: `of` is the one that it was shown for."""

    repo = SelectField("Repository", coerce=int, validate_choice=False)
    branch = StringField("Branch", filters=[_tidy])
    commit = StringField("Commit", filters=[_tidy])
    seen = HiddenField()
    of = HiddenField()


@dataclass
class Look:
    """What git says about what was filled in so far."""

    branches: list[str]
    source: Source | None = None
    choice: Choice | None = None


@pages.route("/runs/new/commit", methods=["GET", "POST"])
@allow("member")
def run_commit() -> str | Response | tuple[str, int]:
    """Repository, branch or commit, workflow, variables."""
    form = CommitForm()
    usable = [repo for repo in repos() if repo.usable]
    form.repo.choices = [SelectChoice(repo.id, repo.url) for repo in usable]
    repo = _chosen(form, usable)
    if not usable:
        return _page(form, Look([]))
    runs = form.is_submitted() and "look" not in request.form
    look = _look(form, repo, keep_seen=runs)
    if not runs:
        return _page(form, look)
    name = look.choice.submit(look.source.code) if look.choice and look.source else None
    if name is None:
        return _page(form, look), 400
    flash(f"{name} is submitted.")
    return redirect(url_for("pages.run", name=name), 303)


def _chosen(form: CommitForm, usable: list[Repo]) -> Repo | None:
    """The one that was asked for; at first, if none was, any."""
    first = not form.is_submitted()
    asked = request.args.get("repo") if first else request.form.get("repo")
    repo = next((repo for repo in usable if str(repo.id) == asked), None)
    if first and repo is None and usable:
        repo = usable[0]
    form.repo.data = repo.id if repo else None
    return repo


def _look(form: CommitForm, repo: Repo | None, keep_seen: bool) -> Look:
    if repo is None:
        form.repo.errors = ["Choose a repository."]
        return Look([])
    url, look = repo.url, Look([])
    try:
        found = branches(me(), repo)
        look.branches = sorted(found.commits)
        known = _fill_in(form, repo, found.default)
        seen = form.seen.data if keep_seen and known else None
        code = Code(url, form.branch.data or None, form.commit.data or seen or None)
        look.source = source_of(me(), code)
        look.choice = choice_of(look.source.files, request.form)
        form.seen.data = look.source.code.repo_hash
    except UnknownRepository:
        form.repo.errors = ["This repository cannot be used: check it in Settings → Repositories."]
    except CodeProblem as error:
        form[_FIELDS[error.field]].errors = [str(error)]
    return look


def _fill_in(form: CommitForm, repo: Repo, default: str | None) -> bool:
    """Whether this is still what was shown. Another repository has other branches and commits."""
    shown, _, of_branch = (form.of.data or "").partition(" ")
    if shown != str(repo.id):
        form.branch.data, form.commit.data = "", ""
    if not form.branch.data and not form.commit.data:
        form.branch.data = default or ""
    form.of.data = f"{repo.id} {form.branch.data}"
    return form.of.data == f"{shown} {of_branch}"


def _page(form: CommitForm, look: Look) -> str:
    about = {"section": "Runs", "way": "Repository"}
    return render_template("runs/commit.html", form=form, view=look, **about)
