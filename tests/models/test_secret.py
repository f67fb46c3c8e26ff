import pytest
from sqlalchemy import select, text

from tests.people import TESTS
from webapp.clock import now
from webapp.engine.secrets import MOST_TOGETHER
from webapp.extensions import db
from webapp.models.event import Event
from webapp.models.secret import (
    ANY_SECRET,
    NoRoom,
    delete_secret,
    secret_rows,
    secret_values,
    set_secret,
)
from webapp.models.transaction import execute, writing


def keep(name, value):
    with writing():
        return set_secret(TESTS, name, value, now())


def events():
    query = db.select(Event.what, Event.why).order_by(Event.id)
    return [tuple(row) for row in db.session.execute(query) if row.what.startswith("secret")]


def test_a_value_comes_out_for_jobs_and_is_sealed_in_the_database(app):
    assert keep("KEY", "first value") is True
    assert secret_values() == {"KEY": "first value"}
    stored = db.session.execute(text("SELECT value FROM secret")).scalar_one()
    assert "first" not in stored and len(stored) > 50


def test_replacing_keeps_when_and_by_whom_it_was_added(app, clock):
    keep("KEY", "first value")
    clock.advance(60)
    assert keep("KEY", "another one") is False
    (row,) = secret_rows()
    assert secret_values() == {"KEY": "another one"}
    assert (row.updated_at - row.created_at, row.updated_by) == (60_000, "tests")


def test_each_change_is_an_event_without_the_value(app):
    keep("KEY", "first value")
    keep("KEY", "other value")
    with writing():
        assert delete_secret(TESTS, "KEY", now()) is True
        assert delete_secret(TESTS, "KEY", now()) is False
    assert events() == [
        ("secret added", "KEY"),
        ("secret replaced", "KEY"),
        ("secret deleted", "KEY"),
    ]


def test_whether_there_is_any_is_known_without_opening_one(app):
    with writing():
        assert not execute(select(ANY_SECRET)).scalar_one()
    keep("KEY", "first value")
    with writing():
        assert execute(select(ANY_SECRET)).scalar_one()


def test_rows_come_by_name_and_without_values(app):
    keep("B", "second value")
    keep("A", "first value")
    assert [row.name for row in secret_rows()] == ["A", "B"]
    assert "value" not in secret_rows()[0]._fields


def test_together_they_are_no_more_than_a_process_can_be_given(app):
    big = "x" * 65536
    for number in range(MOST_TOGETHER // 65536):
        keep(f"BIG_{number}", big)
    with pytest.raises(NoRoom, match="512 KiB"):
        keep("ONE_MORE", "small value")
    keep("BIG_0", "small value")
    assert keep("ONE_MORE", "small value") is True
