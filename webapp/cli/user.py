"""`flask --app wsgi user …`: people without a browser."""

import sys
from typing import NoReturn

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from webapp.cli.operator import operator
from webapp.clock import now
from webapp.config import ConfigurationError
from webapp.extensions import db
from webapp.models.token import new_token, token_of
from webapp.models.transaction import writing
from webapp.models.user import (
    NAME,
    ROLES,
    SHORTEST_PASSWORD,
    User,
    add_user,
    disable,
    other_admins,
    set_password,
    user_named,
)
from webapp.start import prepare

user = AppGroup("user", help="Add, list and disable people.")


@user.command("create")
@click.argument("name")
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(name: str, email: str, role: str, password_stdin: bool) -> None:
    """Add a person."""
    _prepare()
    if not NAME.fullmatch(name):
        _fail("NAME: small letters, digits, dot, dash and underscore, at most 40")
    try:
        email = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        _fail(f"--email: {error}")
    password = _password(password_stdin)
    with writing():
        if user_named(name) or user_named(email):
            _fail(f"there is already an account with the name {name} or the email {email}")
        person = add_user(operator(), name, email, role, password, now())
        new_token(operator(), person, now())
    click.echo(f"{name} may now log in as {role}.")


@user.command("token")
@click.argument("name")
def token(name: str) -> None:
    """Print a person's token."""
    _prepare()
    click.echo(token_of(_person(name)))


@user.command("list")
def list_people() -> None:
    """One line a person: name, email, role, and whether disabled."""
    _prepare()
    for person in db.session.scalars(select(User).order_by(User.name)):
        state = "disabled" if person.disabled_at else "active"
        click.echo(f"{person.name}\t{person.email}\t{person.role}\t{state}")


@user.command("disable")
@click.argument("name")
def disable_person(name: str) -> None:
    """Lock a person out; sessions end at once."""
    _prepare()
    person = _person(name)
    if person.role == "admin" and not other_admins(person):
        _fail(f"{name} is the last admin")
    with writing():
        disable(operator(), person, now())
    click.echo(f"{name} is disabled.")


@user.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def password_of(name: str, password_stdin: bool) -> None:
    """Give a person a new password; their sessions end."""
    _prepare()
    person = _person(name)
    text = _password(password_stdin)
    with writing():
        set_password(operator(), person, text, now())
    click.echo(f"{name} has a new password.")


def _prepare() -> None:
    try:
        prepare(current_app._get_current_object(), practice=None)
    except ConfigurationError as error:
        _fail(str(error))


def _person(name: str) -> User:
    person = user_named(name)
    if person is None:
        _fail(f"there is nobody called {name}")
    return person


def _password(from_stdin: bool) -> str:
    if from_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
    else:
        text = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(text) < SHORTEST_PASSWORD:
        _fail(f"the password needs at least {SHORTEST_PASSWORD} characters")
    return text


def _fail(sentence: str) -> NoReturn:
    raise click.ClickException(sentence)
