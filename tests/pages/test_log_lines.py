from hypothesis import given
from hypothesis import strategies as st

from webapp.pages.log_lines import LONGEST, cut


def texts(piece):
    return [(line.at, str(line.text)) for line in piece.lines]


def test_lines_know_where_they_begin():
    piece = cut(b"one\ntwo\n", 100, {})
    assert texts(piece) == [(100, "one"), (104, "two")]
    assert piece.rest is None and piece.rest_at == piece.end == 108


def test_what_has_no_end_yet_is_read_again():
    piece = cut(b"one\ntw", 0, {})
    assert texts(piece) == [(0, "one")]
    assert piece.rest.at == piece.rest_at == 4 and str(piece.rest.text) == "tw" and piece.end == 6


def test_at_the_end_of_the_log_it_is_a_line():
    assert texts(cut(b"one\ntw", 0, {}, ended=True)) == [(0, "one"), (4, "tw")]


def test_a_line_that_is_too_long_is_broken_between_characters():
    data = "ż".encode() * LONGEST
    piece = cut(data, 0, {}, ended=True)
    assert "".join(text for _at, text in texts(piece)) == "ż" * LONGEST
    assert all(len(text.encode()) <= LONGEST for _at, text in texts(piece))


def test_a_line_is_not_broken_inside_an_escape_sequence():
    data = b"x" * (LONGEST - 3) + b"\x1b[31mred" + b"y" * LONGEST
    assert "[31m" not in "".join(text for _at, text in texts(cut(data, 0, {}, ended=True)))


@given(st.lists(st.binary(max_size=30), max_size=12))
def test_read_in_pieces_or_at_once_it_is_the_same(chunks):
    data = b"".join(chunks)
    whole = texts(cut(data, 0, {}, ended=True))
    lines, at, pen, size = [], 0, {}, 0
    for chunk in chunks:
        size += len(chunk)
        piece = cut(data[at:size], at, pen)
        lines += texts(piece)
        at, pen = piece.rest_at, piece.pen
    lines += texts(cut(data[at:], at, pen, ended=True))
    assert lines == whole
