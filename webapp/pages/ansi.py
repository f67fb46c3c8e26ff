"""What a terminal would colour, as HTML with classes. Pure: text in, markup out.

Colours and weights (SGR, ECMA-48) become classes; every other control sequence is dropped. The 256
colours and true colours of newer terminals are brought to the nearest of the sixteen.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

Pen = dict[str, str]  # what is drawn with: group -> class, e.g. {"f": "f1", "bold": "bold"}

_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?P<numbers>[0-9;:]*)m"  # colours and weights
    r"|\[[0-?]*[ -/]*[@-~]"  # moving the cursor, erasing…
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\|$)"  # titles and links
    r"|[PX^_][^\x1b]*(?:\x1b\\|$)"
    r"|[ -/]*[0-~]?"
    r")"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_NO_CODE = 9999
_ON = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 9: "strike"}
_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 29: ("strike",)}
_CLASS = re.compile(r"[fb](1[0-5]|[0-9])|bold|dim|italic|underline|strike")
_SIXTEEN = (
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0),
    (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
    (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85),
    (85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255),
)  # fmt: skip


def draw(line: str, pen: Pen) -> Markup:
    """One line as markup; `pen` is changed to what it is at the end of the line."""
    line = _overwritten(line)
    drawn, at = [], 0
    for found in _SEQUENCE.finditer(line):
        drawn.append(_span(line[at : found.start()], pen))
        at = found.end()
        if found["numbers"] is not None:
            _turn(pen, found["numbers"])
    drawn.append(_span(line[at:], pen))
    return Markup("").join(drawn)


def pack(pen: Pen) -> str:
    """A pen as a word that fits into an address."""
    return ".".join(sorted(pen.values()))


def unpack(word: str) -> Pen:
    """The pen of a word; what is not a class of ours is left out."""
    known = [text for text in word.split(".") if _CLASS.fullmatch(text)]
    return {text[0] if text[1:].isdigit() else text: text for text in known}


def _overwritten(line: str) -> str:
    """A carriage return begins the line again, as progress bars do: the last writing stays."""
    if "\r" not in line:
        return line
    parts = line.rstrip("\r").split("\r")
    # Colours set in what is overwritten stay set.
    earlier = "".join(found[0] for part in parts[:-1] for found in _SEQUENCE.finditer(part))
    return earlier + parts[-1]


def _span(text: str, pen: Pen) -> Markup:
    text = _CONTROLS.sub("", text)
    if not text:
        return Markup("")
    if not pen:
        return escape(text)
    return Markup('<span class="{}">{}</span>').format(" ".join(sorted(pen.values())), text)


def _turn(pen: Pen, numbers: str) -> None:
    codes = iter(map(_code, numbers.replace(":", ";").split(";")))
    for code in codes:
        if code == 0:
            pen.clear()
        elif code in _ON:
            pen[_ON[code]] = _ON[code]
        elif code in _OFF:
            for name in _OFF[code]:
                pen.pop(name, None)
        elif code in (38, 48):
            _extended(pen, "f" if code == 38 else "b", codes)
        else:
            _basic(pen, code)


def _code(digits: str) -> int:
    # Python refuses to read thousands of digits, and a job may print them.
    return int(digits or 0) if len(digits) < len(str(_NO_CODE)) else _NO_CODE


def _basic(pen: Pen, code: int) -> None:
    for group, low, high in (("f", 30, 90), ("b", 40, 100)):
        if low <= code < low + 8:
            pen[group] = f"{group}{code - low}"
        elif high <= code < high + 8:
            pen[group] = f"{group}{code - high + 8}"
        elif code == low + 9:
            pen.pop(group, None)


def _extended(pen: Pen, group: str, codes: Iterator[int]) -> None:
    kind = next(codes, None)
    if kind == 5:
        pen[group] = f"{group}{_of_256(next(codes, 7))}"
    elif kind == 2:
        pen[group] = f"{group}{_nearest(*(next(codes, 0) for _ in range(3)))}"


def _of_256(number: int) -> int:
    if number < 16:
        return number
    if number < 232:
        steps = (0, 95, 135, 175, 215, 255)
        cube = min(number, 231) - 16
        return _nearest(steps[cube // 36], steps[cube // 6 % 6], steps[cube % 6])
    grey = 8 + 10 * (min(number, 255) - 232)
    return _nearest(grey, grey, grey)


def _nearest(*wanted: int) -> int:
    def distance(number: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(_SIXTEEN[number], wanted, strict=True))

    return min(range(16), key=distance)
