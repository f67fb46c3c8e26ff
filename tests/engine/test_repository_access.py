import pytest

from webapp.engine.repository_access import BadAccess, Credentials, fitting

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n"
HTTP, SSH = "https://github.com/me/thing", "git@github.com:me/thing"


@pytest.mark.parametrize(
    ("url", "given", "kept"),
    [
        (HTTP, {}, {}),
        (HTTP, {"token": "t"}, {"token": "t", "user_name": "x-access-token"}),
        ("https://bitbucket.org/a/b", {"token": "t"}, {"token": "t", "user_name": "x-token-auth"}),
        (HTTP, {"token": "t", "user_name": "me"}, {"token": "t", "user_name": "me"}),
        ("https://me@host/x", {"token": "t"}, {"token": "t", "user_name": "me"}),
        (HTTP, {"user_name": "me", "password": "p"}, {"user_name": "me", "password": "p"}),
        ("https://me@host/x", {"password": "p"}, {"user_name": "me", "password": "p"}),
        (SSH, {"private_key": KEY}, {"private_key": KEY}),
        (SSH, {"private_key": KEY.strip(), "passphrase": ""}, {"private_key": KEY}),
        (SSH, {"private_key": KEY.replace("\n", "\r\n")}, {"private_key": KEY}),
        (
            SSH,
            {"private_key": KEY, "token": "t", "passphrase": "p"},
            {"private_key": KEY, "passphrase": "p"},
        ),
        ("/srv/thing", {"token": "t"}, {}),
    ],
)
def test_it_keeps_what_opens_the_repository(url, given, kept):
    assert fitting(url, Credentials(**given)) == Credentials(**kept)


@pytest.mark.parametrize(
    ("url", "given", "field", "words"),
    [
        (SSH, {}, "private_key", "needs a private key"),
        (SSH, {"token": "t"}, "private_key", "needs a private key"),
        (SSH, {"private_key": "ssh-ed25519 AAAA me@box"}, "private_key", "public half"),
        (SSH, {"private_key": "PuTTY-User-Key-File-3: x"}, "private_key", "PuTTY"),
        (SSH, {"private_key": "nonsense"}, "private_key", "BEGIN"),
        (SSH, {"private_key": KEY[:40]}, "private_key", "BEGIN"),
        (SSH, {"private_key": KEY, "passphrase": "a\nb"}, "passphrase", "one line"),
        (HTTP, {"private_key": KEY}, "private_key", "not http"),
        (HTTP, {"password": "p"}, "user_name", "user name"),
        (HTTP, {"user_name": "me"}, "password", "password"),
        (HTTP, {"token": "a\nb"}, "token", "one line"),
        (HTTP, {"token": "t" * 5000}, "token", "one line"),
        (HTTP, {"user_name": "m\0e", "password": "p"}, "user_name", "one line"),
    ],
)
def test_it_names_the_field_that_is_wrong(url, given, field, words):
    with pytest.raises(BadAccess) as raised:
        fitting(url, Credentials(**given))
    assert raised.value.field == field and words in str(raised.value)


def test_what_it_prints_of_itself_is_no_secret():
    assert "sesame" not in repr(Credentials(token="sesame", password="sesame"))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, "none"),
        ({"token": "t"}, "token"),
        ({"password": "p"}, "password"),
        ({"private_key": KEY}, "ssh_key"),
    ],
)
def test_its_kind(given, kind):
    assert Credentials(**given).kind == kind
