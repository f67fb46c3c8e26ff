"""Repositories: make one known, with what opens it."""

from typing import Annotated

from flask import Response, current_app, g, jsonify
from pydantic import Field, StringConstraints

from webapp.access import allow
from webapp.api import api
from webapp.api.bearer import caller
from webapp.api.describing import Example, describe
from webapp.api.words import Url
from webapp.clock import now
from webapp.engine.repository_access import LONGEST_KEY, BadAccess, Credentials, fitting
from webapp.engine.repository_urls import BadUrl, check_url
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Input, json_input
from webapp.models.repo import repo_at
from webapp.models.repo_changes import keep_repo
from webapp.models.transaction import writing
from webapp.repositories import Place, check, repositories_folder

_Secret = Annotated[str, StringConstraints(max_length=LONGEST_KEY)]
# What a field is called here, and in what is checked.
_FIELDS = {"token": "github_token", "user_name": "repo_user_name", "password": "repo_password"}


class InitRepo(Input):
    """A repository and one thing that opens it, or nothing when anybody may read it."""

    repo_url: Annotated[Url, Field(examples=["https://example.org/a.git"])]
    github_token: Annotated[
        _Secret | None, Field(description="A token of any hosting site, for http.")
    ] = None
    repo_user_name: _Secret | None = None
    repo_password: _Secret | None = None
    private_key: Annotated[_Secret | None, Field(description="In PEM or OpenSSH's format.")] = None
    passphrase: _Secret | None = None


@api.post("/repos/init")
@allow("token member")
@describe(
    takes=InitRepo,
    errors={400: "git could not open it; `message` has git's words. Nothing is kept then."},
    examples=[
        Example("without what ssh needs", {"repo_url": "git@example.org:a.git"}, status=400),
        Example("a password in the URL", {"repo_url": "https://me:pw@example.org/a"}, status=400),
    ],
)
def init_repo() -> Response:
    """Make a repository known.

    git lists its branches first: what does not open it is not kept, and what opened it before
    stays. A repository that is known already is opened by the new credentials from now on."""
    body = json_input(InitRepo)
    allow_local = current_app.extensions["settings"].allow_local_repos
    url, given = _checked(body, allow_local)
    known = repo_at(url)
    hosts = known.known_hosts if known else ""
    db.session.commit()  # git may be slow; nothing of the database is held meanwhile
    found = check(Place(url, given, hosts, allow_local), repositories_folder())
    if found.problem:
        raise Refused(400, "no_access", found.problem, {"repo_url": found.problem})
    with writing():
        keep_repo(caller(), g.user.id, url, given, found.hosts, now())
    return jsonify({})


def _checked(body: InitRepo, allow_local: bool) -> tuple[str, Credentials]:
    given = Credentials(
        token=body.github_token,
        user_name=body.repo_user_name,
        password=body.repo_password,
        private_key=body.private_key,
        passphrase=body.passphrase,
    )
    try:
        return body.repo_url, fitting(check_url(body.repo_url, allow_local), given)
    except BadUrl as error:
        raise Refused(400, "bad_request", str(error), {"repo_url": str(error)}) from None
    except BadAccess as error:
        field = _FIELDS.get(error.field, error.field)
        raise Refused(400, "bad_request", str(error), {field: str(error)}) from None
