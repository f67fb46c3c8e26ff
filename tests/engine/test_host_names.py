import pytest

from webapp.engine.host_names import is_ours

PUBLIC = "runners.example.org"


@pytest.mark.parametrize(
    ("host", "public", "here_only", "ours"),
    [
        ("127.0.0.1:8000", None, True, True),
        ("[::1]:8000", None, True, True),
        ("10.0.0.5", PUBLIC, False, True),
        ("localhost:8000", PUBLIC, True, True),
        ("gpu-box", None, True, True),
        ("gpu-box.local:8000", PUBLIC, True, True),
        ("app.localhost", None, True, True),
        ("Runners.Example.org", PUBLIC, False, True),
        ("runners.example.org.:443", PUBLIC, False, True),
        ("runners.example.org:8443", PUBLIC, True, True),
        ("evil.example", None, True, False),
        ("evil.example:8000", PUBLIC, False, False),
        ("evil.example.", None, True, False),
        ("127.0.0.1.evil.example", None, True, False),
        ("runners.example.org.evil.example", PUBLIC, False, False),
        ("runners.evil.example", PUBLIC, False, False),
        ("1.2.3.4.", None, True, True),
        ("local.evil.example", None, True, False),
        # Listening for others without a PUBLIC_URL: nobody knows what they call it.
        ("runners.example.org", None, False, True),
        ("", None, True, True),
    ],
)
def test_a_name_is_ours_or_not(host, public, here_only, ours):
    assert is_ours(host, public, here_only) is ours
