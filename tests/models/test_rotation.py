import pytest
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import text

from tests.people import TESTS, token
from webapp.clock import now
from webapp.extensions import db
from webapp.keyring import Keyring
from webapp.models.aws_account import Keys, aws_account, set_keys
from webapp.models.rotation import reseal_everything
from webapp.models.secret import secret_values, set_secret
from webapp.models.token import find_token
from webapp.models.transaction import writing


@pytest.fixture
def both_keys(app):
    """A new key in front of the one that everything is sealed with."""
    old = app.extensions["keyring"]
    new = Fernet(Fernet.generate_key())
    app.extensions["keyring"] = Keyring(old.session_key, MultiFernet([new, *old.fernet._fernets]))
    return new


def stored(query):
    return db.session.execute(text(query)).scalars().all()


def test_everything_is_sealed_with_the_new_key_and_still_opens(app, people, both_keys):
    with writing():
        set_keys(TESTS, Keys("AKIAIOSFODNN7EXAMPLE", "the secret key", "a session token"), now())
        set_secret(TESTS, "API_KEY", "a secret of jobs", now())
    secret = token("member")
    with writing():
        # three tokens, three fields of the account, a secret, the installation's digest key
        assert reseal_everything(TESTS, now()) == 8
    for sealed in [
        *stored("SELECT secret FROM token"),
        *stored("SELECT secret_access_key FROM aws_account"),
        *stored("SELECT value FROM secret"),
        *stored("SELECT sealed_digest_key FROM installation"),
    ]:
        assert both_keys.decrypt(sealed.encode())
    app.extensions.pop("digest_key", None)
    assert find_token(secret).user.name == "max"
    assert aws_account().secret_access_key == "the secret key"
    assert secret_values() == {"API_KEY": "a secret of jobs"}


def test_nothing_changes_when_one_secret_does_not_open(app, people, both_keys):
    with writing():
        db.session.execute(text("UPDATE token SET secret = 'not sealed by us' WHERE id = 3"))
    before = stored("SELECT secret FROM token ORDER BY id")
    with pytest.raises(InvalidToken), writing():
        reseal_everything(TESTS, now())
    assert stored("SELECT secret FROM token ORDER BY id") == before
