"""Artifacts in a bucket, which moto plays. It believes any digest, so ours has to look."""

import hashlib
import itertools

import pytest
from botocore.stub import Stubber

from tests.storage.bucket import KEYS, moto, put
from webapp.storage.content import CannotKeep, Content, Next, Place
from webapp.storage.s3 import S3Store
from webapp.storage.s3_client import s3_client
from webapp.storage.s3_parts import parts_of

PLACE = Place("max", "wise-otter-1", "0123456789ab")
MIB = 1024 * 1024
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def client():
    with moto() as url:
        client = s3_client(url, "us-east-1", *KEYS)  # making one takes half a second
        yield client
        client.close()


@pytest.fixture
def store(client):
    name = f"artifacts-{next(_NUMBERS)}"
    client.create_bucket(Bucket=name)
    return S3Store(client, name, checks=False, in_one_put=6 * MIB, part=5 * MIB)


def announced(store, data, path="output/a", **more):
    sha = hashlib.sha256(data).hexdigest()
    return Content(store.new_key(PLACE, path, sha), sha, len(data), **more)


def stored(store, data, path="output/a"):
    content = announced(store, data, path)
    (wanted,) = store.receive(content, 0, b"").puts
    assert put(wanted, data) == 200
    assert store.receive(content, 0, b"") == Next(arrived=True)
    return content


def test_people_find_it_by_user_run_job_and_path(store):
    content = stored(store, b"alpha", "output/plot 1.png")
    assert content.key == "max/wise-otter-1/0123456789ab/output/plot 1.png"
    listed = store.client.list_objects_v2(Bucket=store.bucket)["Contents"]
    assert [entry["Key"] for entry in listed] == [content.key]


@pytest.mark.parametrize("path", ["a\nb", "..\\x", "été/📈 +%.png", "#?&=", "x" * 255])
def test_any_name_can_be_put_and_read(store, path):
    content = stored(store, b"alpha", path)
    assert store.open(content).read() == b"alpha"


def test_an_empty_file_is_one_put_of_nothing(store):
    assert store.open(stored(store, b"")).read() == b""


def test_no_key_is_given_away(store):
    content = announced(store, b"alpha")
    (wanted,) = store.receive(content, 0, b"").puts
    assert KEYS[1] not in wanted.url + store.url(content)


def test_what_is_there_cannot_be_put_over(store):
    content = announced(store, b"alpha")
    (wanted,) = store.receive(content, 0, b"").puts
    assert (put(wanted, b"alpha"), put(wanted, b"other")) == (200, 412)
    assert store.open(content).read() == b"alpha"


def test_what_arrived_is_read(store):
    content = announced(store, b"alpha")
    (wanted,) = store.receive(content, 0, b"").puts
    put(wanted, b"omega")
    assert store.receive(content, 0, b"") == Next(arrived=True)
    assert store.digest(content) == hashlib.sha256(b"omega").hexdigest()


def test_what_is_of_another_size_is_asked_for_anew(store):
    content = announced(store, b"alpha")
    store.client.put_object(Bucket=store.bucket, Key=content.key, Body=b"longer than that")
    assert put(store.receive(content, 0, b"").puts[0], b"alpha") == 200
    assert store.digest(content) == content.sha256


def test_a_large_one_goes_in_parts_that_are_asked_for_until_all_are_there(store):
    data = bytes(range(256)) * (11 * MIB // 256)
    begun = store.receive(announced(store, data), 0, b"")
    content = announced(store, data, upload=begun.upload)
    first = store.receive(content, 0, b"").puts
    assert [(p.offset, p.size) for p in first] == [
        (0, 5 * MIB),
        (5 * MIB, 5 * MIB),
        (10 * MIB, MIB),
    ]
    assert put(first[1], data) == 200
    rest = store.receive(content, 0, b"").puts
    assert [p.offset for p in rest] == [0, 10 * MIB]
    assert [put(each, data) for each in rest] == [200, 200]
    assert store.receive(content, 0, b"") == Next(arrived=True)
    assert store.receive(content, 0, b"") == Next(arrived=True)  # asked again
    assert store.digest(content) == content.sha256
    reader = store.open(content)
    reader.seek(10 * MIB)
    assert reader.read(300) == data[10 * MIB : 10 * MIB + 300]


def test_an_upload_that_s3_forgot_begins_anew(store):
    content = announced(store, b"x" * 7 * MIB, upload="forgotten")
    assert store.receive(content, 0, b"") == Next(upload="")


def test_deleting_takes_parts_along_and_may_be_repeated(store):
    content = stored(store, b"alpha")
    big = announced(store, b"x" * 7 * MIB, "big")
    begun = announced(store, b"x" * 7 * MIB, "big", upload=store.receive(big, 0, b"").upload)
    for each in (content, begun, content, begun):
        store.delete(each)
    assert "Contents" not in store.client.list_objects_v2(Bucket=store.bucket)
    assert "Uploads" not in store.client.list_multipart_uploads(Bucket=store.bucket)


def test_aws_is_believed_about_what_it_checked_itself(store):
    content = announced(store, b"alpha")
    believing = S3Store(store.client, store.bucket, checks=True)
    sha = "ioyPbFRhvOL9VSoLdWFdo8d1MfYXTU6cmEyHmAqLt9o="
    head = {"Bucket": store.bucket, "Key": content.key, "ChecksumMode": "ENABLED"}
    with Stubber(store.client) as aws:
        aws.add_response("head_object", {"ChecksumSHA256": sha, "ContentLength": 5}, head)
        assert believing.digest(content) == (
            "8a8c8f6c5461bce2fd552a0b75615da3c77531f6174d4e9c984c8798" + "0a8bb7da"
        )


def test_a_bucket_that_refuses_is_a_sentence(store):
    with Stubber(store.client) as aws:
        aws.add_client_error("head_object", "AccessDenied", "Access Denied", 403)
        with pytest.raises(CannotKeep, match=r"^S3 refused: AccessDenied, Access Denied\.$") as no:
            store.receive(announced(store, b"alpha"), 0, b"")
        assert not no.value.passing
        aws.add_client_error("head_object", "SlowDown", "Please reduce your request rate.", 503)
        with pytest.raises(CannotKeep) as slow:
            store.receive(announced(store, b"alpha"), 0, b"")
        assert slow.value.passing


@pytest.mark.parametrize(
    ("size", "part", "count", "last"),
    [(1, 5, 1, 1), (5, 5, 1, 5), (6, 5, 2, 1), (10**7, 1, 10_000, 1000)],
)
def test_parts_cover_everything_and_are_never_too_many(size, part, count, last):
    parts = parts_of(size, part)
    assert (len(parts), parts[-1].size, sum(p.size for p in parts)) == (count, last, size)
    assert [p.number for p in parts] == list(range(1, count + 1))
    assert all(a.offset + a.size == b.offset for a, b in itertools.pairwise(parts))
