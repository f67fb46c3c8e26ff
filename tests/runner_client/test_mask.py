"""Hiding secrets in a stream of bytes: in any pieces, the same as in the whole."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner_client import hidden
from runner_client.mask import Mask

KEY = "wJalrXUtnFEMI/K7MDENG?bPxRfi~CYEXAMPLEKEY"
PEM = "-----BEGIN KEY-----\nMIIEowIBAAKCAQEA7bq2\nQ9kZ0v1s\n{}\n-----END KEY-----\n"


def masked(text, *values, size=None):
    """What comes out when the text comes in pieces of `size`."""
    stream = Mask(values).stream()
    size = size or len(text) or 1
    out = b"".join(stream.feed(text[at : at + size]) for at in range(0, len(text), size))
    return out + stream.end()


@pytest.mark.parametrize(
    ("text", "values", "shown"),
    [
        (b"the key is s3cr3t!", ["s3cr3t"], b"the key is ***!"),
        (b"nothing of it", ["s3cr3t"], b"nothing of it"),
        (b"s3cr3s3cr3t", ["s3cr3t"], b"s3cr3***"),
        (b"longer-key longer", ["longer", "longer-key"], b"*** ***"),
        (b"one-two-three", ["one-two", "two-three"], b"***"),
        (b"s3cr3ts3cr3t s3cr3t", ["s3cr3t"], b"*** ***"),
        (b"short: abc", ["abc", ""], b"short: abc"),
        (b"caf\xc3\xa9-caf\xc3\xa9\n", ["café-café"], b"***\n"),
        (b"bytes \xff\xfe s3cr3t \x00", ["s3cr3t"], b"bytes \xff\xfe *** \x00"),
        (b"[a-z]*$ ^[.+ ]", ["[a-z]*$", "^[.+ ]"], b"*** ***"),
        (b"s3cr\n3t", ["s3cr3t"], b"s3cr\n3t"),
        (b"", ["s3cr3t"], b""),
    ],
)
def test_values_become_stars_and_the_rest_stays(text, values, shown):
    for size in (len(text), 1, 2, 3, 5):
        assert masked(text, *values, size=size) == shown


def test_each_line_of_a_value_is_hidden_also_when_its_line_breaks_are_others():
    text = PEM.replace("\n", "\r\n").encode() + b"and MIIEowIBAAKCAQEA7bq2 again {}"
    shown = masked(text, PEM)
    assert shown == b"***\r\n***\r\n***\r\n{}\r\n***\r\nand *** again {}"


def test_a_value_of_many_lines_that_is_printed_whole_is_one_mark():
    assert masked(b"key:\n" + PEM.encode() + b"end", PEM) == b"key:\n***\nend"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", [b"", b"u", b"us", b"user:", b"\xff\xfb\xef~"])
@pytest.mark.parametrize("after", [b"", b"\n", b":x", b"abcdef"])
def test_base64_of_a_value_is_hidden_wherever_it_stands_in_it(encode, before, after):
    whole = encode(before + KEY.encode() + after)
    shown = masked(b"Authorization: Basic " + whole + b"\n", KEY)
    assert shown.startswith(b"Authorization: Basic ") and b"***" in shown
    left = shown.removeprefix(b"Authorization: Basic ").replace(b"***", b"").strip()
    # What stands before and after it, and at most one character at each edge that it shares.
    assert len(left) <= len(encode(before)) + len(encode(after)) + 2


def test_base64_alone_leaves_nothing_of_it():
    for text in (KEY, KEY + "\n"):
        assert masked(base64.b64encode(text.encode()), KEY) == b"***"


@pytest.mark.parametrize("width", [76, 64, 19, 1])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_base64_that_is_broken_into_lines_is_hidden(width, end):
    value = "".join(chr(33 + i * 7 % 90) for i in range(1000)) + "\n" + PEM
    whole = base64.b64encode(b"x" + value.encode())
    text = end.join(whole[at : at + width] for at in range(0, len(whole), width))
    for size in (7, 4096):
        shown = masked(b"before\n" + text + end + b"after" + end, value, size=size)
        assert len(b"".join(shown.split())) < 20, shown


def test_a_value_inside_of_the_base64_of_another_one_does_not_uncover_it():
    whole = base64.b64encode(b"secret-one")
    for size in range(1, 17):
        assert masked(b"<" + whole + b">", "secret-one", whole[2:9].decode(), size=size) == b"<***>"
        cut = masked(b"<" + whole[:12] + b">", "secret-one", whole[2:9].decode(), size=size)
        assert cut == b"<" + whole[:2] + b"***" + whole[9:12] + b">"


def test_lines_far_apart_are_not_put_together():
    first, second = base64.b64encode(b"secret-1")[:6], base64.b64encode(b"secret-1")[6:]
    for size in (1, 4, 100):
        text = first + b"\n\n" + second
        assert masked(text, "secret-1", size=size) == b"***"
        text = first + b"\n\n\n" + second
        assert masked(text, "secret-1", size=size) == text


def test_a_part_of_a_long_value_is_hidden_too():
    value = "".join(chr(33 + i * i % 90) for i in range(5000))
    assert masked(value.encode(), value, size=100) == b"***"
    assert len(masked(value[600:3000].encode(), value)) < 3000 - 600 - 3 * hidden.PIECE


# Few letters, so that patterns begin again inside of each other.
_letters = st.text("ab\n", min_size=0, max_size=12)
_values = st.lists(_letters.map(lambda text: text + "aabbab"), min_size=1, max_size=4)


def _text(values):
    shapes = [*hidden.plain(values), *hidden.encoded(hidden.plain(values))]
    parts = st.sampled_from(shapes) | st.text("ab=W\n\r", max_size=8).map(str.encode)
    cut = parts.flatmap(lambda part: st.integers(0, len(part)).map(lambda size: part[:size]))
    breaks = st.sampled_from([b"\n", b"\r\n", b"\n\n\n", b"\n\r\n\r\n"])
    broken = st.tuples(parts, st.integers(1, 9), breaks).map(_broken)
    return st.lists(parts | cut | broken, max_size=8).map(b"".join)


def _broken(about):
    part, width, end = about
    return end.join(part[at : at + width] for at in range(0, len(part), width))


_cases = _values.flatmap(lambda values: st.tuples(st.just(values), _text(values)))


@given(_cases, st.lists(st.integers(0, 60), max_size=12))
def test_any_pieces_give_the_same_as_the_whole(case, sizes):
    values, text = case
    stream, out, at = Mask(values).stream(), [], 0
    for size in sizes:
        out.append(stream.feed(text[at : at + size]))
        at += size
    out += [stream.feed(text[at:]), stream.end()]
    assert b"".join(out) == masked(text, *values) == _by_definition(text, values)


def _by_definition(text, values):
    """Every byte of every occurrence is hidden; what is hidden without a break is one mark."""
    plain = hidden.plain(values)
    hide = set()
    for shape in plain:
        for at in range(len(text)):
            if text.startswith(shape, at):
                hide.update(range(at, at + len(shape)))
    for first, last in _parts(text):
        places = [at for at in range(first, last) if text[at] not in b"\r\n"]
        dense = bytes(text[at] for at in places)
        for shape in hidden.encoded(plain):
            for at in range(len(dense)):
                if dense.startswith(shape, at):
                    hide.update(range(places[at], places[at + len(shape) - 1] + 1))
    marked = [b"*" if at in hide else text[at : at + 1] for at in range(len(text))]
    out = [
        b"***" if at in hide else byte
        for at, byte in enumerate(marked)
        if at not in hide or at - 1 not in hide
    ]
    return b"".join(out)


def _parts(text):
    """Between runs of three and more line breaks."""
    first = at = 0
    while at < len(text):
        end = at
        while end < len(text) and text[end] in b"\r\n":
            end += 1
        if end - at >= 3:
            yield first, at
            first = end
        at = max(end, at + 1)
    yield first, len(text)


def test_nothing_is_held_back_but_what_may_still_become_a_secret():
    stream = Mask([KEY]).stream()
    assert stream.feed(b"Continue? [y/N] ") == b"Continue? [y/N] "
    assert stream.feed(b"key wJal") == b"key "
    assert stream.feed(b"le") == b"wJalle"
    assert stream.feed(b"=" + KEY[:-1].encode()) == b"="
    assert stream.feed(KEY[-1:].encode()) == b"***"
    assert stream.end() == b""


def test_it_never_holds_back_more_than_the_longest_shape():
    value = "x" * 5000
    stream = Mask([value]).stream()
    assert b"".join(stream.feed(b"x") for _ in range(hidden.PIECE + 1)) == b"***"
    stream = Mask(["abcdef"]).stream()
    out = stream.feed(b"YWJ" + b"\n" * 5000)  # the base64 of it begins so
    assert len(out) == 5003


def test_a_prompt_that_ends_as_a_secret_begins_is_shown_after_a_silence():
    stream = Mask(["yes-we-can"]).stream()
    assert stream.feed(b"Really? y") == b"Really? "
    assert stream.rest() == b"y"
    assert stream.rest() == b""
    assert stream.feed(b"es!") == b"es!"


def test_what_was_shown_after_a_silence_does_not_unmask_the_rest():
    stream = Mask(["yes-we-can"]).stream()
    stream.feed(b"y")
    assert stream.rest() == b"y"
    assert stream.feed(b"es-we-can.") == b"***."


def test_more_than_a_little_of_a_secret_stays_hidden_until_the_end():
    stream = Mask(["yes-we-can"]).stream()
    assert stream.feed(b"yes-") == b""
    assert stream.rest() == b""
    assert stream.end() == b"yes-"


def test_a_sentence_is_cleaned():
    mask = Mask(["s3cr3t"])
    assert mask.clean("no such image: s3cr3t/ü:1") == "no such image: ***/ü:1"
    assert mask.clean("") == ""


def test_the_time_grows_with_the_text_alone():
    """Also for what a naive search is slow on: periodic values, periodic text, all their shapes."""
    mask = Mask(["a" * 60_000, "\n".join(f"line {n:06}" for n in range(4000))])

    def seconds(text):
        began = time.process_time()
        stream = mask.stream()
        for at in range(0, len(text), 65536):
            stream.feed(text[at : at + 65536])
        return time.process_time() - began

    short, long = seconds(b"a" * 50_000), seconds(b"a" * 400_000)
    assert long < 30 * short
    assert seconds(b"line 0line 00" * 30_000) < 10
