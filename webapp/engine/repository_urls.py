"""Which addresses of repositories are taken, and when two of them mean the same one.

git runs programs for some addresses (`ext::…`) and takes one that begins with `-` for an option, so
what is not known to be harmless is refused.
"""

import re

LONGEST = 1000
SCHEMES = {"https": 443, "http": 80, "ssh": 22}

_WITH_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/.*)?")
_SHORT = re.compile(r"([^/:@]+)@([^/:@]+):(?!//)(.+)")  # git@host:path
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]+\]")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}")
# What hosting sites give out as tokens; as a user name in an address they would lie open.
_TOKEN = re.compile(r"(gh[a-z]_|github_pat_|gl[a-z]*-|ATBB|x-token-auth).*|.{41,}")

_FORMS = "https://host/path, ssh://git@host/path or git@host:path"
_LOCAL = "Repositories on the server's own disk are not read (ALLOW_LOCAL_REPOS is not set): "
_WHERE_IT_BELONGS = (
    "Leave the password or token out of the URL, where everybody could read it: give it in Settings"
    " → Repositories, or to repos/init as github_token, or as repo_user_name and repo_password."
)


class BadUrl(ValueError):
    """One sentence: why this is no address that is taken, and what would be."""


def check_url(url: str, allow_local: bool = False) -> str:
    """The address itself; raises BadUrl. `allow_local`: also file: and absolute paths."""
    if not url:
        raise BadUrl(f"Give the URL of a repository: {_FORMS}.")
    if len(url.encode("utf-8", "replace")) > LONGEST:
        raise BadUrl(f"A URL has at most {LONGEST} bytes.")
    if not url.isprintable() or any(character.isspace() for character in url):
        raise BadUrl("A URL has no spaces, line breaks or invisible characters.")
    if url.startswith("-"):
        raise BadUrl(f"A URL does not begin with `-`. Give {_FORMS}.")
    if "::" in url.partition("/")[0]:
        raise BadUrl(f"`{url.partition('::')[0]}::` would start a program. Give {_FORMS}.")
    if "\\" in url:
        raise BadUrl(f"A URL has no `\\`. Give {_FORMS}.")
    if is_local(url):
        _check_local(url, allow_local)
    elif short := _SHORT.fullmatch(url):
        _check_parts(*short.groups())
    else:
        _check_long(url)
    return url


def is_local(url: str) -> bool:
    """Whether it is on the disk of the machine that reads it."""
    return url[:5].lower() == "file:" or not (_WITH_SCHEME.fullmatch(url) or _SHORT.fullmatch(url))


def canonical(url: str) -> str:
    """One spelling for all those of the same repository: small letters in scheme and host, no usual
    port, no user of http, no `.git` and no slash at the end."""
    if is_local(url):
        return _bare(_local_path(url))
    if short := _SHORT.fullmatch(url):
        user, host, path = short.groups()
        return f"{user}@{host.lower()}:{_bare(path)}"
    scheme, place, path = _parts(url)
    user, host, port = _place(place)
    who = f"{user}@" if user and scheme == "ssh" else ""
    number = f":{port}" if port and port != str(SCHEMES.get(scheme)) else ""
    return f"{scheme}://{who}{host.lower()}{number}{_bare(path)}"


def for_git(url: str) -> str:
    """The address that git is given: of http without a user, who is asked for separately; a path as
    file:, because git copies a path in a way of its own."""
    if is_local(url):
        return "file://" + _local_path(url).replace("%", "%25")
    found = _WITH_SCHEME.fullmatch(url)
    if not found or found[1].lower() not in ("http", "https"):
        return url
    return f"{found[1]}://{found[2].rpartition('@')[2]}{found[3] or ''}"


def user_in(url: str) -> str | None:
    """The user that an address of http names."""
    found = _WITH_SCHEME.fullmatch(url)
    named = found is not None and found[1].lower() in ("http", "https") and "@" in found[2]
    return found[2].partition("@")[0] if found and named else None


def is_ssh(url: str) -> bool:
    """Whether it is reached by ssh, with a key, and not by http, with a password or token."""
    found = _WITH_SCHEME.fullmatch(url)
    return found[1].lower() == "ssh" if found else _SHORT.fullmatch(url) is not None


def host_and_port(url: str) -> tuple[str, int]:
    """Where an address that is not local leads."""
    if short := _SHORT.fullmatch(url):
        return short.group(2).lower(), SCHEMES["ssh"]
    scheme, place, _ = _parts(url)
    _, host, port = _place(place)
    return host.lower(), int(port or SCHEMES[scheme])


def _check_local(url: str, allowed: bool) -> None:
    if ":" in url.partition("/")[0] and url[:5].lower() != "file:":
        raise BadUrl("Say who logs in: git@host:path.")
    if not allowed:
        raise BadUrl(f"{_LOCAL}give {_FORMS}.")
    if not _local_path(url).startswith("/"):
        raise BadUrl("The path of a local repository begins with `/` (or file:///).")


def _local_path(url: str) -> str:
    return url[7:] if url[:8].lower() == "file:///" else url


def _check_long(url: str) -> None:
    scheme, place, path = _parts(url)
    if scheme not in SCHEMES:
        raise BadUrl(f"`{scheme}://` is not taken here. Give {_FORMS}.")
    if "?" in url or "#" in url:
        raise BadUrl(f"The URL of a repository has no `?` and no `#`. Give {_FORMS}.")
    before, _, _ = place.rpartition("@")
    if ":" in before or (scheme != "ssh" and before and _TOKEN.fullmatch(before)):
        raise BadUrl(_WHERE_IT_BELONGS)
    user, host, port = _place(place)
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise BadUrl("The port of a URL is a number from 1 to 65535.")
    if scheme == "ssh" and not user:
        raise BadUrl("Say who logs in: ssh://git@host/path.")
    _check_parts(user or "git", host, path.lstrip("/"))


def _check_parts(user: str, host: str, path: str) -> None:
    # A host or path that begins with `-` would reach ssh as an option.
    if not _HOST.fullmatch(host):
        raise BadUrl(f"`{host[:60]}` is no name of a host. Give {_FORMS}.")
    if not _USER.fullmatch(user):
        raise BadUrl("A user name in a URL has letters, digits, dots, dashes and underscores.")
    if not path.strip("/") or path.startswith("-"):
        raise BadUrl(f"After the host comes the path of the repository: {_FORMS}.")


def _parts(url: str) -> tuple[str, str, str]:
    found = _WITH_SCHEME.fullmatch(url)
    if found is None:
        raise BadUrl(f"This is no URL of a repository. Give {_FORMS}.")
    return found[1].lower(), found[2], found[3] or ""


def _place(place: str) -> tuple[str, str, str]:
    """User, host and port; what is missing is empty."""
    user, _, rest = place.rpartition("@")
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(.*))?", rest)
    return (user, found[1], found[2] or "") if found else (user, rest, "")


def _bare(path: str) -> str:
    return re.sub(r"/*(\.git/*)?$", "", path)
