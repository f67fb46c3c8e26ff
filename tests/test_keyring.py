import pytest
from cryptography.fernet import Fernet, InvalidToken

from webapp.config import ConfigurationError, Settings
from webapp.keyring import load_keyring, opens


@pytest.fixture
def load(tmp_path):
    def call(**settings):
        return load_keyring(Settings(data_dir=tmp_path, **settings))

    return call


def new_key():
    return Fernet.generate_key().decode()


def test_keys_are_made_at_the_first_start_and_kept(load, tmp_path):
    first, second = load(), load()
    assert first.session_key == second.session_key
    assert second.open(first.seal("secret")) == "secret"
    for name in ("session.key", "encryption.key"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_given_key_is_used_and_none_is_written(load, tmp_path):
    key = new_key()
    sealed = load(encryption_key=key, secret_key="x" * 16).seal("secret")
    assert Fernet(key).decrypt(sealed) == b"secret"
    assert list(tmp_path.iterdir()) == []


def test_what_is_sealed_cannot_be_read(load):
    assert "secret" not in load().seal("secret")
    assert load().seal("secret") != load().seal("secret")


def test_another_key_does_not_open_it(load):
    sealed = load(encryption_key=new_key()).seal("secret")
    other = load(encryption_key=new_key())
    assert not opens(other, sealed)
    with pytest.raises(InvalidToken):
        other.open(sealed)


def test_a_key_is_rotated_by_putting_the_new_one_in_front(load):
    old, new = new_key(), new_key()
    sealed = load(encryption_key=old).seal("secret")
    both = load(encryption_key=f"{new}, {old}")
    assert both.open(sealed) == "secret"
    assert load(encryption_key=new).open(both.reseal(sealed)) == "secret"


@pytest.mark.parametrize("key", ["short", "x" * 44, "ü", ","])
def test_a_key_that_is_none_is_one_sentence(load, key):
    with pytest.raises(ConfigurationError, match="ENCRYPTION_KEY is not a Fernet key"):
        load(encryption_key=key)


def test_a_short_session_key_is_refused(load):
    with pytest.raises(ConfigurationError, match="SECRET_KEY is too short"):
        load(secret_key="short")


def test_a_keyring_does_not_show_its_keys(load):
    keyring = load(secret_key="a very long session key")
    assert "a very long session key" not in repr(keyring)
