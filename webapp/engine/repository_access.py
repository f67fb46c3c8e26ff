"""What opens a repository, and whether that can be: before git is asked."""

import re
from dataclasses import dataclass

from webapp.engine.repository_urls import is_local, is_ssh, user_in

NONE, TOKEN, PASSWORD, SSH_KEY = "none", "token", "password", "ssh_key"
LONGEST_SECRET, LONGEST_KEY = 4000, 32_000

_KEY = re.compile(
    r"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----\s.*-----END ([A-Z0-9]+ )*PRIVATE KEY-----", re.DOTALL
)
# Hosting sites take any name beside a token, but for this one.
_USER_OF_TOKEN = {"bitbucket.org": "x-token-auth"}


class BadAccess(ValueError):
    """One sentence, and the `field` that it is about: token, user_name, password, private_key or
    passphrase."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, repr=False, slots=True)
class Credentials:
    """What a person gave; empty texts count as nothing."""

    token: str | None = None
    user_name: str | None = None
    password: str | None = None
    private_key: str | None = None
    passphrase: str | None = None

    @property
    def kind(self) -> str:
        """Which of the four it is."""
        if self.private_key:
            return SSH_KEY
        if self.token:
            return TOKEN
        return PASSWORD if self.password else NONE


def fitting(url: str, given: Credentials) -> Credentials:
    """What of it opens that repository, complete; raises BadAccess. `url` is checked already."""
    if is_local(url):
        return Credentials()
    if is_ssh(url):
        return _for_ssh(given)
    if given.private_key:
        raise BadAccess("private_key", "A key opens ssh:// and git@host:path, not http.")
    _check_secret("token", given.token)
    _check_secret("password", given.password)
    if given.token:
        return Credentials(token=given.token, user_name=_user(url, given) or _token_user(url))
    if given.password:
        user = _user(url, given)
        if not user:
            raise BadAccess("user_name", "Give the user name that the password belongs to.")
        return Credentials(user_name=user, password=given.password)
    if given.user_name:
        raise BadAccess("password", "Give the password of this user, or a token.")
    return Credentials()


def _for_ssh(given: Credentials) -> Credentials:
    key = (given.private_key or "").replace("\r\n", "\n").strip()
    if not key:
        raise BadAccess("private_key", "An address of ssh needs a private key.")
    if key.startswith("PuTTY"):
        raise BadAccess("private_key", "This is a key of PuTTY: export it in OpenSSH's format.")
    if key.startswith(("ssh-", "ecdsa-", "sk-")):
        raise BadAccess("private_key", "This is the public half: give the private one.")
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        sentence = "This is no private key: it begins with `-----BEGIN … PRIVATE KEY-----`."
        raise BadAccess("private_key", sentence)
    if given.passphrase and not _one_line(given.passphrase):
        raise BadAccess("passphrase", "A passphrase is one line.")
    return Credentials(private_key=key + "\n", passphrase=given.passphrase or None)


def _check_secret(field: str, secret: str | None) -> None:
    if secret and not _one_line(secret):
        raise BadAccess(field, f"A {field} is one line of at most {LONGEST_SECRET} characters.")


def _one_line(text: str) -> bool:
    return len(text) <= LONGEST_SECRET and not re.search(r"[\x00-\x1f\x7f]", text)


def _user(url: str, given: Credentials) -> str | None:
    user = given.user_name or user_in(url)
    if user and (len(user) > 200 or not user.isprintable()):
        raise BadAccess("user_name", "A user name is one line of at most 200 characters.")
    return user


def _token_user(url: str) -> str:
    host = re.sub(r"^https?://([^@/]*@)?([^/:]*).*", r"\2", url, flags=re.IGNORECASE)
    return _USER_OF_TOKEN.get(host.lower(), "x-access-token")
