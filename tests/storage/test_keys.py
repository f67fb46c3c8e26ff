import pytest

from webapp.storage.content import Place
from webapp.storage.keys import key_of

PLACE = Place("max", "wise-otter-1", "0123456789ab")


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("output/plot 1.png", "output/plot 1.png"),
        ("été/📈", "été/📈"),
        ("a\\b", "a%5Cb"),
        ("100%", "100%25"),
        ("a%5Cb", "a%255Cb"),
        ("a\nb\x1b\x7f\x85", "a%0Ab%1B%7F%C2%85"),
    ],
)
def test_what_is_not_harmless_is_encoded(path, key):
    assert key_of(PLACE, path) == f"max/wise-otter-1/0123456789ab/{key}"


def test_a_part_that_grows_too_long_is_cut_and_stays_unlike_others():
    one, other = key_of(PLACE, "\n" * 255), key_of(PLACE, "\n" * 254)
    assert one != other
    assert all(len(part.encode()) <= 255 for key in (one, other) for part in key.split("/"))
