import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.pages.ansi import draw, pack, unpack


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("plain", "plain"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("\x1b[31mred\x1b[0m plain", '<span class="f1">red</span> plain'),
        (
            "\x1b[1;32mok\x1b[22m light",
            '<span class="bold f2">ok</span><span class="f2"> light</span>',
        ),
        ("\x1b[91;44mx", '<span class="b4 f9">x</span>'),
        ("\x1b[38;5;9mx", '<span class="f9">x</span>'),
        ("\x1b[38;5;196mx\x1b[39my", '<span class="f1">x</span>y'),
        ("\x1b[48;2;0;0;170mx\x1b[49my", '<span class="b4">x</span>y'),
        ("\x1b[mx", "x"),
        ("\x1b[2K\x1b[1A\x1b[?25lx", "x"),
        ("\x1b]0;a title\x07x", "x"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b(Bx", "x"),
        ("bell\x07 null\x00 del\x7f", "bell null del"),
        (" 10%\r 50%\r100%", "100%"),
        ("windows\r", "windows"),
        ("\x1b[32m 10%\r100%", '<span class="f2">100%</span>'),
        ("tab\there", "tab\there"),
        (f"\x1b[{'9' * 5000}m\x1b[1;38;5;{'9' * 5000}mx", '<span class="bold f15">x</span>'),
    ],
)
def test_a_line_is_drawn(line, drawn):
    assert str(draw(line, {})) == drawn


@given(st.text(alphabet=st.sampled_from("\x1b[];0123456789m<>&\"'\r\x07Kab"), max_size=80))
def test_whatever_is_printed_only_our_markup_comes_out(line):
    drawn = str(draw(line, {}))
    rest = drawn.replace("</span>", "")
    while '<span class="' in rest:
        before, _, after = rest.partition('<span class="')
        names, _, after = after.partition('">')
        assert set(names.split()) == set(unpack(names.replace(" ", ".")).values())
        rest = before + after
    assert "<" not in rest and ">" not in rest and "\x1b" not in rest


def test_a_pen_survives_the_address():
    pen = {"f": "f12", "b": "b1", "bold": "bold"}
    assert unpack(pack(pen)) == pen


def test_a_forged_pen_is_left_out():
    assert unpack('f99."><script>.bold') == {"bold": "bold"}
