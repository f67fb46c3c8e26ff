"""What is taken of an archive, and what is refused, by the name of the member."""

import tarfile
import zipfile

import pytest

from tests.archives.packing import bomb, entry, tar, told, zipped
from webapp.archives import BadArchive, look_into

MIB = 1024 * 1024
FILES = {"a.txt": "hello", "src/deep/b.bin": bytes(range(256)), ".dstack/workflows.yaml": "x: y\n"}


@pytest.fixture
def look(tmp_path):
    def call(content, most=MIB, wanted=()):
        (tmp_path / "archive").write_bytes(content)
        return look_into(tmp_path / "archive", most, wanted)

    return call


@pytest.mark.parametrize(
    "content",
    [tar(FILES), tar(FILES, mode="w"), zipped(FILES), zipped(FILES, method=zipfile.ZIP_STORED)],
    ids=["tar.gz", "tar", "zip", "zip, stored"],
)
def test_every_member_is_counted_and_wanted_files_are_read(look, content):
    found = look(content, wanted=(".dstack/workflows.yaml", "nothing"))
    assert found.size == 5 + 256 + 5
    assert found.texts == {".dstack/workflows.yaml": b"x: y\n"}


def test_a_leading_dot_is_no_part_of_a_name(look):
    content = tar({"./.dstack/workflows.yaml": "x"}, entry(".", tarfile.DIRTYPE))
    assert look(content, wanted=(".dstack/workflows.yaml",)).texts


def test_links_that_stay_inside_are_taken(look):
    assert look(tar({"a": "x"}, entry("b", tarfile.SYMTYPE, "a"))).members == 2
    assert look(zipped({"a": "x"}, {"b": "a"})).members == 2


def test_an_empty_archive_is_one(look):
    assert look(tar({})).members == look(zipped({})).members == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (tar({"../x": "y"}), "../x: a name with `..`"),
        (zipped({"../x": "y"}), "../x: a name with `..`"),
        (tar({"a/../../x": "y"}), "a/../../x: a name with `..`"),
        (tar({"/etc/x": "y"}), "/etc/x: a name does not begin"),
        (zipped({"/etc/x": "y"}), "/etc/x: a name does not begin"),
        (tar({}, entry("a", tarfile.SYMTYPE, "/etc/passwd")), "a: this link leaves the archive"),
        (tar({}, entry("a", tarfile.SYMTYPE, "../x")), "a: this link leaves the archive"),
        (zipped({}, {"a": "../x"}), "a: this link leaves the archive"),
        (zipped({}, {"a": "x" * 5000}), "a: a link may lead over 1000 bytes"),
        (tar({}, entry("a", tarfile.LNKTYPE, "/etc/passwd")), "/etc/passwd"),
        (tar({}, entry("a", tarfile.CHRTYPE)), "a: only files, folders and links"),
        (tar({}, entry("a", tarfile.BLKTYPE)), "a: only files, folders and links"),
        (tar({}, entry("a", tarfile.FIFOTYPE)), "a: only files, folders and links"),
        (tar({}, entry("a", tarfile.GNUTYPE_SPARSE)), "holes"),
        (tar({"a": "x"}, entry("a", tarfile.SYMTYPE, "b")), "a: it stands in the archive twice"),
        (tar({"a\nb": "x"}), "a?b: a name has no line breaks"),
        (b"", "no archive"),
        (b"hello", "no archive"),
        (b"\x1f\x8b" + b"x" * 100, "damaged"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (tar(FILES)[:-40], "damaged"),
        (tar(FILES)[:-1], "damaged"),
        (tar(FILES, mode="w") + b"\0" * 2 * MIB, "goes on after its end"),
        (zipped(FILES)[:-30], "damaged"),
        (b"7z\xbc\xaf\x27\x1c", "no archive"),
    ],
    ids=told,
)
def test_it_refuses(look, content, words):
    with pytest.raises(BadArchive) as raised:
        look(content)
    assert words in str(raised.value)


def test_a_file_that_was_changed_in_a_zip_is_found(look):
    content = zipped({"a": b"hello" * 100}, method=zipfile.ZIP_STORED)
    with pytest.raises(BadArchive, match="damaged"):
        look(content.replace(b"hellohello", b"hellOhello", 1))


@pytest.mark.parametrize(
    "content", [bomb(64 * MIB), zipped({"zeros": b"\0" * 4 * MIB})], ids=["tar.gz", "zip"]
)
def test_a_small_archive_of_a_huge_file_is_refused_before_it_is_unpacked(look, content):
    assert len(content) < 100_000
    with pytest.raises(BadArchive, match="zeros: unpacked, all would be more than 1 MiB"):
        look(content)


def test_a_wanted_file_that_is_huge_is_refused(look):
    with pytest.raises(BadArchive, match="a: it has more than 4 MiB"):
        look(tar({"a": b"\0" * 5 * MIB}), most=10 * MIB, wanted=("a",))


def test_a_header_that_would_fill_the_memory_is_refused(look):
    head = entry("x", tarfile.XHDTYPE, size=10**9).tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(BadArchive, match="a header of more than 1 MiB"):
        look(head + b"\0" * 10240)


def test_a_list_that_would_fill_the_memory_is_refused(look):
    content = bytearray(zipped({"a": "x"}))
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = (2**31).to_bytes(4, "little")
    with pytest.raises(BadArchive, match="lists too many"):
        look(bytes(content))


def test_what_is_encrypted_or_packed_unusually_is_refused(look):
    content = bytearray(zipped({"a": "x"}))
    listed = content.rindex(b"PK\x01\x02")
    content[listed + 8] |= 1
    with pytest.raises(BadArchive, match="'a' is encrypted"):
        look(bytes(content))
    with pytest.raises(BadArchive, match="unusual way"):
        look(zipped({"a": "x" * 100}, method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("make", [tar, zipped])
def test_whatever_is_wrong_with_its_bytes_is_a_sentence(look, make):
    whole = make(FILES)
    told = []
    for place in range(0, len(whole), 7):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        try:
            look(bytes(broken))
        except BadArchive as error:
            told.append(str(error))
    assert len(told) > len(whole) / 14
