import pytest
from sqlalchemy import select

from tests.conftest import POSTGRES, test_settings
from tests.people import add_people
from webapp import create_app
from webapp.config import ConfigurationError
from webapp.extensions import db
from webapp.keyring import _new_fernet_key
from webapp.models.first_admin import opens_setup
from webapp.models.installation import Installation, the_installation
from webapp.start import one_time_setup_path, prepare


@pytest.fixture
def another_app():
    """Make a further application; its connections are closed with the test."""
    made = []

    def call(settings):
        made.append(create_app(settings))
        return made[-1]

    yield call
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def secret_of(path):
    return path.removeprefix("/setup?token=")


def test_starting_again_keeps_the_installation(app):
    before = the_installation().uuid
    prepare(app)
    db.session.expire_all()
    assert the_installation().uuid == before
    assert len(db.session.scalars(select(Installation)).all()) == 1


def test_another_encryption_key_is_one_clear_sentence(another_app, app):
    settings = app.extensions["settings"]
    other = another_app(settings.model_copy(update={"encryption_key": _new_fernet_key()}))
    with pytest.raises(ConfigurationError, match="encryption key does not open this database"):
        prepare(other)


def test_the_one_time_link_opens_the_setup(app):
    assert opens_setup(secret_of(one_time_setup_path(app)))
    assert not opens_setup("guessed")


def test_a_later_link_ends_the_one_before(app):
    first, second = one_time_setup_path(app), one_time_setup_path(app)
    db.session.expire_all()
    assert not opens_setup(secret_of(first))
    assert opens_setup(secret_of(second))


def test_the_link_is_not_kept_in_plain_text(app):
    secret = secret_of(one_time_setup_path(app))
    db.session.expire_all()
    assert secret not in the_installation().setup_digest


def test_there_is_no_link_once_there_is_an_account(app):
    add_people()
    assert one_time_setup_path(app) is None


def test_the_data_directory_is_private_and_made_when_missing(another_app, tmp_path):
    settings = test_settings(tmp_path / "a")
    another_app(settings)
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700


def test_a_database_that_cannot_be_opened_is_one_sentence(another_app, tmp_path):
    missing = tmp_path / "no" / "such" / "folder.db"
    app = another_app(test_settings(tmp_path, database_url=f"sqlite:///{missing}"))
    with pytest.raises(ConfigurationError, match=r"cannot be opened: unable to open"):
        prepare(app)


def test_a_file_that_is_no_database_is_one_sentence(another_app, tmp_path):
    file = tmp_path / "runners.db"
    file.write_text("this is not a database, and longer than the header of one" * 20)
    app = another_app(test_settings(tmp_path, database_url=f"sqlite:///{file}"))
    with pytest.raises(ConfigurationError, match="cannot be opened: file is not a database"):
        prepare(app)


def test_real_work_and_practice_rows_never_meet(another_app, app, tmp_path):
    with pytest.raises(ConfigurationError):
        prepare(app, practice=True)
    if not POSTGRES:
        other = another_app(test_settings(tmp_path / "practice"))
        prepare(other, practice=True)
        with pytest.raises(ConfigurationError):
            prepare(other, practice=False)
