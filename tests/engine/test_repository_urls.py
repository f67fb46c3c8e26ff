import pytest

from webapp.engine.repository_urls import (
    BadUrl,
    canonical,
    check_url,
    for_git,
    is_ssh,
    user_in,
)

TAKEN = [
    "https://github.com/me/thing",
    "https://github.com/me/thing.git",
    "HTTPS://GitHub.com:443/me/thing/",
    "http://git.example.org:8080/thing",
    "https://org@dev.azure.com/org/project/_git/thing",
    "ssh://git@host.example.org:2222/~/thing.git",
    "ssh://git@[2001:db8::1]/thing",
    "git@github.com:me/thing.git",
    "me@host:/srv/git/thing",
]


@pytest.mark.parametrize("url", TAKEN)
def test_it_takes(url):
    assert check_url(url) == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Give the URL"),
        ("-u evil", "spaces"),
        ("--upload-pack=touch", "begin with `-`"),
        ("ext::sh", "start a program"),
        ("ext::sh%20-c%20id", "start a program"),
        ("fd::17/foo", "start a program"),
        ("anything::https://github.com/me/thing", "start a program"),
        ("file:///srv/git/thing", "ALLOW_LOCAL_REPOS"),
        ("FILE:///srv/git/thing", "ALLOW_LOCAL_REPOS"),
        ("file:thing", "ALLOW_LOCAL_REPOS"),
        ("/srv/git/thing", "ALLOW_LOCAL_REPOS"),
        ("../thing", "ALLOW_LOCAL_REPOS"),
        ("host:thing", "who logs in"),
        ("thing", "ALLOW_LOCAL_REPOS"),
        ("git://host/thing", "not taken"),
        ("ftp://host/thing", "not taken"),
        ("javascript://host/thing", "not taken"),
        ("https://me:secret@github.com/me/thing", "Leave the password"),
        ("https://:secret@github.com/me/thing", "Leave the password"),
        ("https://ghp_abcdefghij@github.com/me/thing", "Leave the password"),
        ("https://" + "x" * 60 + "@github.com/me/thing", "Leave the password"),
        ("ssh://git:secret@github.com/me/thing", "Leave the password"),
        ("https://github.com/me/thing?token=abc", "no `?`"),
        ("https://github.com/me/thing#main", "no `?`"),
        ("https://github.com", "path of the repository"),
        ("https://github.com/", "path of the repository"),
        ("https:///thing", "no name of a host"),
        ("https://-oProxyCommand=id/thing", "no name of a host"),
        ("ssh://git@-oProxyCommand=id/thing", "no name of a host"),
        ("ssh://-oProxyCommand=id@host/thing", "user name"),
        ("git@-oProxyCommand=id:thing", "no name of a host"),
        ("-oProxyCommand=id@host:thing", "begin with `-`"),
        ("git@host:-thing", "path of the repository"),
        ("ssh://host/thing", "who logs in"),
        ("https://host:99999/thing", "port"),
        ("https://host:ten/thing", "port"),
        ("https://host/a b", "spaces"),
        ("https://host/a\nb", "spaces"),
        ("https://host/a\0b", "spaces"),
        ("https://host/a\u202eb", "invisible"),
        ("C:\\git\\thing", "no `\\`"),
        ("https://host/" + "a" * 1000, "at most 1000 bytes"),
        ("https://host/" + "ä" * 500, "at most 1000 bytes"),
        ("https://host/\ud800", "invisible"),
    ],
)
def test_it_refuses_and_says_why(url, words):
    with pytest.raises(BadUrl) as raised:
        check_url(url)
    assert words in str(raised.value)


@pytest.mark.parametrize("url", ["/srv/git/thing", "file:///srv/git/thing", "/srv/my:thing"])
def test_a_local_one_is_taken_where_that_is_allowed(url):
    assert check_url(url, allow_local=True) == url


@pytest.mark.parametrize(
    "url", ["thing", "../thing", "file:/thing", "file://host/thing", "-thing", "ext::/bin/sh"]
)
def test_what_has_no_absolute_path_is_refused_even_there(url):
    with pytest.raises(BadUrl):
        check_url(url, allow_local=True)


@pytest.mark.parametrize(
    ("same", "spelling"),
    [
        (["https://github.com/me/thing", *TAKEN[1:3]], "https://github.com/me/thing"),
        (["https://me@host/x", "https://host/x.git/", "https://HOST:443/x//"], "https://host/x"),
        (["http://host:80/X"], "http://host/X"),
        (["http://host:8080/x"], "http://host:8080/x"),
        (["git@GitHub.com:me/x.git", "git@github.com:me/x"], "git@github.com:me/x"),
        (["ssh://git@Host:22/x.git", "ssh://git@host/x/"], "ssh://git@host/x"),
        (["ssh://git@[::1]:2222/x"], "ssh://git@[::1]:2222/x"),
        (["/srv/x.git", "/srv/x/", "file:///srv/x.git"], "/srv/x"),
        (["https://host/x.git.git"], "https://host/x.git"),
    ],
)
def test_spellings_of_one_repository_are_the_same(same, spelling):
    assert {canonical(url) for url in same} == {spelling}


def test_a_user_of_http_is_told_apart_from_the_address():
    url = "https://org@dev.azure.com/org/thing"
    assert (for_git(url), user_in(url)) == ("https://dev.azure.com/org/thing", "org")
    assert for_git("git@host:thing") == "git@host:thing"
    assert for_git("/srv/100%.git") == for_git("file:///srv/100%.git") == "file:///srv/100%25.git"
    assert user_in("https://host/thing") is user_in("git@host:thing") is None


def test_ssh_is_told_apart_from_http():
    assert is_ssh("git@host:thing") and is_ssh("ssh://git@host/thing")
    assert not is_ssh("https://host/thing") and not is_ssh("/srv/thing")
