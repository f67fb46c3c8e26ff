"""Connections that rested are tried before they are used."""

import pytest
from sqlalchemy import create_engine, text

from webapp import rested


@pytest.fixture
def engine(tmp_path):
    """Of SQLite, where a connection dies when we close it."""
    made = create_engine(f"sqlite:///{tmp_path / 'file.db'}")
    rested.try_rested(made)
    yield made
    made.dispose()


def killed(engine):
    """The connection that lies in the pool is dead from now on."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
    driver.close()


def answers(engine):
    with engine.connect() as connection:
        return connection.scalar(text("SELECT 1")) == 1


def test_one_that_died_while_it_rested_is_replaced(engine, monkeypatch):
    monkeypatch.setattr(rested, "REST_SECONDS", 0)
    killed(engine)
    assert answers(engine)


def test_one_that_lives_is_used_again(engine, monkeypatch):
    monkeypatch.setattr(rested, "REST_SECONDS", 0)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
    with engine.connect() as connection:
        assert connection.connection.driver_connection is driver


def test_one_that_was_used_a_moment_ago_is_not_tried(engine, monkeypatch):
    monkeypatch.setattr(rested, "REST_SECONDS", 3600)
    killed(engine)
    with pytest.raises(Exception, match="closed database"):
        answers(engine)
