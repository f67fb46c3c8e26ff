import pytest

from git_access import sentence


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            b"fatal: repository 'https://h/x/' not found\n",
            "fatal: repository 'https://h/x/' not found",
        ),
        (b"", "nothing"),
        (b"odd\nlines\n", "odd; lines"),
        (
            b"remote: Not here.\nfatal: gone\n\nPlease make sure you have\n",
            "remote: Not here; fatal: gone",
        ),
        (b"remote: Counting objects: 33% (1/3)\nremote: Denied.\n", "remote: Denied"),
        (
            b"".join(b"error: %d\n" % n for n in range(9)),
            "; ".join(f"error: {n}" for n in range(4, 9)),
        ),
        (b"Receiving: 10%\rReceiving: 20%\rerror: full\n", "error: full"),
        (b"error: same\nerror: same\n", "error: same"),
        (b"fatal: caf\xe9 \x1b[31mred\n", "fatal: caf\ufffd [31mred"),
        (
            b'Load key "/proc/7/fd/4": bad\nx@h: Permission denied (publickey).\n',
            "Load key : bad; x@h: Permission denied (publickey)",
        ),
    ],
)
def test_it_keeps_what_tells_something(output, words):
    assert sentence(output) == f"git says: {words}"


def test_it_is_never_long():
    assert len(sentence(b"fatal: " + b"x" * 10_000)) < 600
