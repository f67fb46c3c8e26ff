import io

import pytest

from webapp.pages.preview import MOST_BYTES, MOST_COLUMNS, MOST_IN_CELL, MOST_ROWS, preview_of


def preview(path, data):
    return preview_of(path, len(data), io.BytesIO(data))


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("a.PNG", b"whatever", "image"),
        ("a.svg", b"<svg/>", "text"),
        ("a.html", b"<p>", "text"),
        ("noname", b"text", "text"),
        ("empty", b"", "text"),
        ("a.txt", "é 📈".encode(), "text"),
        ("a.txt", b"caf\xe9 and more letters", "text"),
        ("a.txt", b"\xff\xfe\xfd", "nothing"),
        ("a.txt", b"text\0", "nothing"),
        ("a.csv", b"a,b\n1,2\n", "table"),
        ("a.tsv", b"a\tb\n1\t2\n", "table"),
        ("a.csv", b"\n\n", "text"),
        ("a.csv", b'a,b\n"' + b"x" * 200_000, "text"),
    ],
)
def test_what_kind_it_is(path, data, kind):
    assert preview(path, data).kind == kind


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_told_apart_by_what_the_first_line_has(separator):
    data = f'name{separator}"a, b; c"\nx{separator}"two\nlines"\n'.encode()
    assert preview("a.csv", data).rows == [["name", "a, b; c"], ["x", "two\nlines"]]


def test_of_much_text_the_beginning_is_shown():
    shown = preview("a.txt", b"x" * (MOST_BYTES + 1))
    assert (len(shown.text), shown.cut) == (MOST_BYTES, True)


def test_of_a_large_table_whole_lines_of_the_beginning_are_shown():
    row = ",".join(["y" * (MOST_IN_CELL + 1)] * (MOST_COLUMNS + 1)) + "\n"
    shown = preview("a.csv", row.encode() * 1000)
    assert shown.cut and 0 < len(shown.rows) <= MOST_ROWS
    assert {len(each) for each in shown.rows} == {MOST_COLUMNS}
    assert {len(cell) for each in shown.rows for cell in each} == {MOST_IN_CELL}
    many = preview("a.csv", b"1,2\n" * (MOST_ROWS + 5))
    assert (len(many.rows), many.cut) == (MOST_ROWS, True)


def test_a_mark_at_the_beginning_is_no_text():
    assert preview("a.csv", b"\xef\xbb\xbfa,b\n").rows == [["a", "b"]]
