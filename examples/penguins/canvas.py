"""A picture of dots, and what it takes to write it as PNG."""

import struct
import zlib

# Letters as seven rows of five dots; those that the picture needs.
FONT = {
    "0": "0E11131519110E", "1": "040C040404040E", "2": "0E11010204081F", "3": "1F02040201110E",
    "4": "02060A121F0202", "5": "1F101E0101110E", "6": "0608101E11110E", "7": "1F010204080808",
    "8": "0E11110E11110E", "9": "0E11110F01020C", "A": "0E1111111F1111", "C": "0E11101010110E",
    "G": "0E11101711110F", "W": "1111111515150A", "a": "00000E010F110F", "b": "1010161911111E",
    "c": "00000E1010110E", "d": "01010D1311110F", "e": "00000E111F100E", "g": "000F11110F010E",
    "h": "10101619111111", "i": "04000C0404040E", "l": "0C04040404040E", "m": "00001A15151111",
    "n": "00001619111111", "o": "00000E1111110E", "p": "00001E111E1010", "r": "00001619101010",
    "s": "00000E100E011E", "t": "08081C08080906", "u": "0000111111130D", "w": "0000111115150A",
    "y": "000011110F010E", "?": "0E110102040004", " ": "00000000000000",
}  # fmt: skip


class Canvas:
    """Colours are (red, green, blue); places are counted from the upper left corner."""

    def __init__(self, width, height, paper=(255, 255, 255)):
        self.width, self.height = width, height
        self.rows = [bytearray(paper * width) for _ in range(height)]

    def rectangle(self, x, y, width, height, colour):
        first, last = max(0, round(x)), min(self.width, round(x + width))
        for row in self.rows[max(0, round(y)) : max(0, round(y + height))]:
            row[3 * first : 3 * last] = bytes(colour) * max(0, last - first)

    def disc(self, x, y, radius, colour):
        for down in range(-radius, radius + 1):
            half = (radius * radius - down * down) ** 0.5
            self.rectangle(x - half, y + down, 2 * half + 1, 1, colour)

    def ring(self, x, y, radius, colour):
        for down in range(-radius, radius + 1):
            outer = (radius * radius - down * down) ** 0.5
            inner = max(0, (radius - 2) ** 2 - down * down) ** 0.5
            for left in (x - outer, x + inner):
                self.rectangle(left, y + down, max(1, outer - inner), 1, colour)

    def triangle(self, x, y, size, colour):
        for down in range(2 * size):
            self.rectangle(x - down / 2, y - size + down, down + 1, 1, colour)

    def square(self, x, y, size, colour):
        self.rectangle(x - size, y - size, 2 * size, 2 * size, colour)

    def text(self, x, y, words, colour, size=3):
        for letter in words:
            hangs = 2 if letter in "gpy" else 0
            for down, bits in enumerate(bytes.fromhex(FONT[letter]), hangs):
                for right in range(5):
                    if bits >> (4 - right) & 1:
                        self.rectangle(x + right * size, y + down * size, size, size, colour)
            x += 6 * size

    def png(self):
        """The bytes of a file."""
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        dots = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        parts = ((b"IHDR", head), (b"IDAT", dots), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*part) for part in parts)


def _part(kind, content):
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
