import pytest

from webapp.engine.archive_members import MOST_MEMBERS, BadMember, Contents, Kind, Member

FILE, FOLDER, LINK, HARD, OTHER = Kind.FILE, Kind.FOLDER, Kind.LINK, Kind.HARD_LINK, Kind.OTHER


def take(*members):
    contents = Contents(most_bytes=1000)
    paths = [contents.take(Member(*member)) for member in members]
    contents.finish()
    return paths


@pytest.mark.parametrize(
    ("members", "paths"),
    [
        ([("a", FILE, 1), ("b/c", FILE, 2)], ["a", "b/c"]),
        ([("./", FOLDER), ("./a/", FOLDER), ("./a//b", FILE)], [None, "a", "a/b"]),
        ([("a", FOLDER), ("a", FOLDER)], ["a", "a"]),
        ([("Grüße/🎉 x", FILE)], ["Grüße/🎉 x"]),
        ([("a/b", FILE), ("a/c", LINK, 0, "b")], ["a/b", "a/c"]),
        ([("a/c", LINK, 0, "../b"), ("b", FILE)], ["a/c", "b"]),
        ([("a", LINK, 0, "nowhere")], ["a"]),
        ([("a", LINK, 0, "b"), ("b", LINK, 0, "c"), ("c", FILE)], ["a", "b", "c"]),
        ([("d/e/f", FILE), ("a", LINK, 0, "d/e//../e/./f")], ["d/e/f", "a"]),
        ([("d/e", LINK, 0, "f"), ("d/f/g", FILE), ("a", LINK, 0, "d/e//g")], ["d/e", "d/f/g", "a"]),
        ([("a", FILE), ("b", HARD, 0, "./a")], ["a", "b"]),
        ([("..a", FILE), ("b..", FILE), ("...", FILE)], ["..a", "b..", "..."]),
    ],
)
def test_it_takes(members, paths):
    assert take(*members) == paths


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("../x", FILE)], "../x: a name with `..`"),
        ([("a/../../x", FILE)], "a/../../x: a name with `..`"),
        ([("a/..", FOLDER)], "leaves the archive"),
        ([("/etc/x", FILE)], "/etc/x: a name does not begin with `/`"),
        ([("..\\x", FILE)], "backslashes"),
        ([("a\nb", FILE)], "a?b: a name has no line breaks"),
        ([("a\0b", FILE)], "invisible"),
        ([("a\udce9", FILE)], "invisible"),
        ([("x" * 256, FILE)], "a path may have"),
        ([("x/" * 600, FOLDER)], "a path may have"),
        ([("a", OTHER)], "a: only files, folders and links"),
        ([("a", FILE), ("a", FILE)], "a: it stands in the archive twice"),
        ([("a", FILE), ("a", FOLDER)], "twice"),
        ([("a", LINK, 0, "b"), ("a", FILE)], "twice"),
        ([("a", FILE), ("a/b", FILE)], "a/b: a is a file"),
        ([("a/b", FILE), ("a", FILE)], "twice"),
        ([("a", LINK, 0, "/etc")], "a: this link leaves the archive: /etc"),
        ([("a", LINK, 0, "..")], "this link leaves the archive: .."),
        ([("a/b", LINK, 0, "../../x")], "leaves"),
        ([("a", LINK, 0, "")], "leaves"),
        ([("a", LINK, 0, "b\n")], "leaves"),
        # Each of them stays inside by its letters, and together they do not.
        ([("d/up", LINK, 0, ".."), ("out", LINK, 0, "d/up/../x")], "out: this link leaves"),
        ([("d/up", LINK, 0, ".."), ("d/out", LINK, 0, "up/../x")], "leaves"),
        ([("a", LINK, 0, "b/../.."), ("b", FOLDER)], "leaves"),
        ([("a", LINK, 0, "a")], "a: this link leads in a circle"),
        ([("a", LINK, 0, "b"), ("b", LINK, 0, "a")], "circle"),
        ([("a", LINK, 0, "d"), ("d", FOLDER), ("a/x", FILE)], "a/x: it lies behind the link a"),
        ([("a/x", FILE), ("a", LINK, 0, "d")], "twice"),
        ([("a", HARD, 0, "/etc/passwd")], "does not begin with `/`"),
        ([("a", HARD, 0, "../x")], "leaves the archive"),
        ([("a", HARD, 0, "b"), ("b", FILE)], "a: a hard link leads to a file that comes before"),
        ([("b", LINK, 0, "c"), ("a", HARD, 0, "b")], "comes before"),
        ([("a", FILE, 600), ("b", FILE, 401)], "b: unpacked, all would be more than"),
    ],
)
def test_it_refuses_by_name(members, words):
    with pytest.raises(BadMember) as raised:
        take(*members)
    assert words in str(raised.value)


def test_there_may_be_many_but_not_any_number():
    with pytest.raises(BadMember, match=f"may have {MOST_MEMBERS} members"):
        take(*((str(number), FILE) for number in range(MOST_MEMBERS + 1)))


def test_links_that_would_take_minutes_to_follow_are_refused():
    chain = [(f"z{number}", LINK, 0, f"z{number + 1}") for number in range(30)]
    with pytest.raises(BadMember, match="too long to follow"):
        take(*chain, *((f"a{number}", LINK, 0, "b/" * 450) for number in range(1000)))
