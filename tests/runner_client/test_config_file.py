import stat

import pytest

from runner_client import config_file
from runner_client.config_file import BadConfig, Config

CONFIG = Config("https://runners.example.org", "id-1", 'a "quoted" name: #1', "s3cret\\x", 4)


def test_it_reads_what_it_wrote(tmp_path):
    config_file.write(tmp_path / "runner.yaml", CONFIG)
    assert config_file.read(tmp_path / "runner.yaml") == CONFIG


def test_only_its_owner_may_read_it_even_when_it_was_open_before(tmp_path):
    path = tmp_path / "runner.yaml"
    path.write_text("old")
    path.chmod(0o644)
    config_file.write(path, CONFIG)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_yaml(tmp_path):
    import yaml

    config_file.write(tmp_path / "runner.yaml", CONFIG)
    assert yaml.safe_load((tmp_path / "runner.yaml").read_text()) == CONFIG._asdict()


def test_there_is_none_before_the_first_config(tmp_path):
    assert config_file.read(tmp_path / "runner.yaml") is None


def test_a_hand_may_write_it_without_quotes(tmp_path):
    path = tmp_path / "runner.yaml"
    lines = ["# mine", "server: http://a:1", "runner_id: x", "runner_name: 'o''n'", "credential: c"]
    path.write_text("\n".join(lines))
    assert config_file.read(path) == Config("http://a:1", "x", "o'n", "c")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("server", "line 1"),
        ('server: "a', "line 1"),
        ('server: "a"', "no runner_id"),
        ("server: a\nrunner_id: b\nrunner_name: c\ncredential: d\nmax_jobs: 0", "max_jobs"),
    ],
)
def test_a_broken_file_is_told_by_place_and_without_its_content(tmp_path, text, words):
    path = tmp_path / "runner.yaml"
    path.write_text(text)
    with pytest.raises(BadConfig, match=words) as caught:
        config_file.read(path)
    assert '"a' not in str(caught.value)
