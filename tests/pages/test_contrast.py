"""WCAG 2.2 AA, computed from the style sheets: 4.5 for text, 3 for borders of controls."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "webapp" / "static" / "css"
PAIR = re.compile(r"--([a-z-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)")
TEXT = [
    *((ink, ground) for ink in ("text", "muted") for ground in ("page", "surface", "sunken")),
    *(("accent", ground) for ground in ("page", "surface", "sunken")),
    *((tone, f"{tone}-soft") for tone in ("good", "busy", "warn", "bad", "idle")),
    *((tone, ground) for tone in ("good", "warn", "bad") for ground in ("page", "surface")),
]
LOG_GROUNDS = ("#0f1319", "#191f28")


def colours():
    found = PAIR.findall((CSS / "base.css").read_text())
    return {name: {"light": light, "dark": dark} for name, light, dark in found}


def luminance(colour):
    def linear(part):
        value = part / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink, ground, theme):
    known = colours()
    assert contrast(known[ink][theme], known[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_buttons_can_be_read_and_controls_have_an_edge(theme):
    known = colours()
    for ground in ("solid", "danger-solid"):
        assert contrast("#ffffff", known[ground][theme]) >= 4.5
    for ground in ("page", "surface"):
        assert contrast(known["edge"][theme], known[ground][theme]) >= 3


def test_every_colour_of_a_log_can_be_read():
    css = (CSS / "log.css").read_text()
    inks = re.findall(r"\.f\d+ \{ color: (#\w{6})", css)
    grounds = re.findall(r"\.b\d+ \{ background: (#\w{6})", css)
    assert len(inks) == len(grounds) == 16
    for ink in inks:
        assert all(contrast(ink, ground) >= 4.5 for ground in LOG_GROUNDS), ink
    for ground in grounds:
        assert contrast("#dfe4ea", ground) >= 4.5, ground
