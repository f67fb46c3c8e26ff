"""Tries are counted for all processes together."""

import pytest
from sqlalchemy import select

from webapp import create_app
from webapp.extensions import db
from webapp.models.tries import Tries, Try

MINUTE = 60


@pytest.fixture
def tries():
    return Tries("books://")


def may(tries, key="ada", limit=3):
    return tries.acquire_entry(key, limit, MINUTE)


def test_so_many_are_allowed_and_no_more(app, clock, tries):
    assert [may(tries) for _ in range(5)] == [True, True, True, False, False]


def test_each_key_has_a_count_of_its_own(app, clock, tries):
    assert [may(tries) for _ in range(4)][-1] is False
    assert may(tries, "max")


def test_each_try_counts_for_its_time_and_is_forgotten_then(app, clock, tries):
    assert may(tries)
    clock.advance(40)
    assert may(tries) and may(tries) and not may(tries)
    clock.advance(20)
    assert may(tries) and not may(tries), "the first one is a minute old"
    clock.advance(MINUTE)
    assert may(tries)
    assert db.session.scalars(select(Try)).all()[0].until == clock() + MINUTE * 1000


def test_a_try_that_is_refused_does_not_make_the_time_longer(app, clock, tries):
    for _ in range(3):
        assert may(tries)
    clock.advance(59)
    assert not may(tries)
    clock.advance(1)
    assert may(tries)


def test_another_process_counts_the_same(app, clock, tries):
    for _ in range(3):
        assert may(tries)
    other = create_app(app.extensions["settings"], clock)
    with other.app_context():
        assert not may(Tries("books://"))
        db.session.remove()
        db.engine.dispose()


def test_it_says_since_when_they_count(app, clock, tries):
    began = clock() / 1000
    assert tries.get_moving_window("ada", 3, MINUTE) == (began, 0)
    may(tries)
    clock.advance(10)
    may(tries)
    assert tries.get_moving_window("ada", 3, MINUTE) == (began, 2)


def test_what_a_stranger_typed_is_not_kept(app, clock, tries):
    may(tries, "account my secret password")
    assert "secret" not in db.session.scalars(select(Try)).one().key


def test_a_clock_that_is_set_back_locks_nobody_out(app, clock, tries):
    for _ in range(3):
        assert may(tries)
    clock.advance(-3600)
    assert may(tries)


def test_they_can_be_forgotten(app, clock, tries):
    for key in ("ada", "max"):
        for _ in range(3):
            assert may(tries, key)
    tries.clear("ada")
    assert may(tries, "ada") and not may(tries, "max")
    assert tries.reset() == 4
    assert may(tries, "max")
    assert tries.check()


def test_other_strategies_are_not_offered(app, tries):
    for verb in (tries.incr, tries.get, tries.get_expiry):
        with pytest.raises(NotImplementedError):
            verb("ada", MINUTE)
