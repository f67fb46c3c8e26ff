from pathlib import Path

import pytest

from webapp.config import ConfigurationError, Settings, load


def test_everything_has_a_default():
    settings = load({})
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8000, Path("data"))
    assert settings.database.startswith("sqlite:////")
    assert settings.database.endswith("/data/runners.db")
    assert settings.password_hash == "scrypt:32768:8:1"


def test_an_empty_variable_counts_as_none():
    assert load({"PORT": "", "PUBLIC_URL": ""}) == load({})


def test_every_setting_is_read_from_the_variable_of_its_name():
    environ = {
        "HOST": "0.0.0.0",
        "PORT": "9000",
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
        "POLL_SECONDS": "2.5",
        "TRUSTED_PROXIES": "1",
        "LOG_MAXIMUM": "2048",
    }
    settings = load(environ)
    assert (settings.host, settings.port, settings.log_level) == ("0.0.0.0", 9000, "debug")
    assert (settings.poll_seconds, settings.trusted_proxies) == (2.5, 1)
    assert (settings.log_format, settings.log_maximum) == ("json", 2048)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("PUBLIC_URL", "example.org"),
        ("DATABASE_URL", "mysql://x"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("THREADS", "1"),
        ("CONNECTIONS", "0"),
        ("PROCESSES", "0"),
        ("POLL_SECONDS", "0"),
        ("POLL_SECONDS", "26"),
        ("PASSWORD_HASH", "md5"),
        ("DEADMAN_MINUTES", "0"),
        ("PASSWORD_HASH", "scrypt:999:8:1"),
        ("LEASE_SECONDS", "-1"),
        ("LOG_MAXIMUM", "1"),
        ("TRUSTED_PROXIES", "-1"),
        ("TICK_SECONDS", "nan"),
        ("ARTIFACTS_MAXIMUM", "1"),
        ("S3_ENDPOINT", "http://minio:9000"),
        ("S3_SECRET_ACCESS_KEY", "alone"),
        ("API_CALLS", "often"),
        ("LOGIN_ATTEMPTS", "-1 per minute"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(name, value):
    with pytest.raises(ConfigurationError) as caught:
        load({name: value})
    sentence = str(caught.value)
    assert sentence.startswith(f"The setting {name} is wrong: ")
    assert "\n" not in sentence


def test_a_wrong_value_is_not_repeated_because_it_may_be_a_secret():
    with pytest.raises(ConfigurationError) as caught:
        load({"DATABASE_URL": "mysql://root:hunter2@db"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEY", "DATABASE_URL", "METRICS_TOKEN"])
def test_a_secret_may_stand_in_a_file(tmp_path, name):
    file = tmp_path / "secret"
    file.write_text("postgresql://app@db/runners\n")
    settings = load({f"{name}_FILE": str(file)})
    assert getattr(settings, name.lower()).endswith("://app@db/runners")


def test_a_secret_given_twice_is_refused(tmp_path):
    environ = {"SECRET_KEY": "a", "SECRET_KEY_FILE": str(tmp_path / "x")}
    with pytest.raises(ConfigurationError, match="SECRET_KEY and SECRET_KEY_FILE are both set"):
        load(environ)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"SECRET_KEY_FILE=.* cannot be read: No such"):
        load({"SECRET_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_the_urls_of_hosting_providers_get_a_driver(url):
    assert load({"DATABASE_URL": url}).database == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("url", "kept", "behind_tls"),
    [
        ("https://runners.example.org/", "https://runners.example.org", True),
        ("http://10.0.0.1:8000", "http://10.0.0.1:8000", False),
    ],
)
def test_the_public_url_says_whether_there_is_tls(url, kept, behind_tls):
    settings = load({"PUBLIC_URL": url})
    assert (settings.public_url, settings.behind_tls) == (kept, behind_tls)


def test_settings_do_not_change_while_the_server_runs():
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1


def test_a_bucket_is_described_completely_or_not_at_all():
    bucket = {"S3_BUCKET": "artifacts", "S3_ENDPOINT": "http://minio:9000/"}
    keys = {"S3_ACCESS_KEY_ID": "id", "S3_SECRET_ACCESS_KEY": "secret"}
    assert load({**bucket, **keys}).s3_endpoint == "http://minio:9000"
    for half in ({"S3_ACCESS_KEY_ID": "id"}, {"S3_SECRET_ACCESS_KEY": "a-secret"}):
        with pytest.raises(ConfigurationError, match="S3_ACCESS_KEY_ID") as caught:
            load({**bucket, **half})
        assert "a-secret" not in str(caught.value)
    with pytest.raises(ConfigurationError, match="it needs S3_BUCKET beside it"):
        load(keys)
