import pytest

from webapp.engine.quantities import cpu_milli, memory_mib, seconds


@pytest.mark.parametrize(
    ("text", "mib"),
    [
        (512, 512),
        ("16GB", 16384),
        ("16 GB", 16384),
        ("512MiB", 512),
        ("512m", 512),
        ("1.5g", 1536),
        ("1TB", 1048576),
        ("1kB", 1),
        ("1048577B", 2),
    ],
)
def test_sizes_become_mib(text, mib):
    assert memory_mib(text) == mib


@pytest.mark.parametrize(
    "text", ["", "lots", "12", -1, 0, True, 1.5, "16 elephants", "1e9GB", None]
)
def test_a_size_that_is_none_says_what_was_expected(text):
    with pytest.raises(ValueError, match='"16GB" or "512MiB"'):
        memory_mib(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (90, 90),
        ("90", 90),
        ("45s", 45),
        ("10m", 600),
        ("1h30m", 5400),
        ("2d", 172800),
        ("1H", 3600),
    ],
)
def test_times_become_seconds(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "soon", "30m1h", 0, -5, 1.5, True, None, "9" * 30, "99999d"])
def test_a_time_that_is_none_says_what_was_expected(text):
    with pytest.raises(ValueError, match='"45s", "10m" or "1h30m"'):
        seconds(text)


@pytest.mark.parametrize(("text", "milli"), [(2, 2000), (0.5, 500), ("1.5", 1500), (0.001, 1)])
def test_processors_become_thousandths(text, milli):
    assert cpu_milli(text) == milli


@pytest.mark.parametrize("text", [0, -1, "many", True, None, float("nan"), 10**9, "0.0001"])
def test_a_number_of_processors_that_is_none_says_what_was_expected(text):
    with pytest.raises(ValueError, match="such as 2 or"):
        cpu_milli(text)
