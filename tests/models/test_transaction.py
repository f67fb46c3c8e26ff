import threading

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from webapp.extensions import db
from webapp.models.naming import NameCounter
from webapp.models.transaction import (
    announce,
    announced,
    begin_snapshot,
    require_writing,
    writing,
)


def add(words):
    db.session.execute(insert(NameCounter).values(kind="test", words=words, count=1))


def words_there():
    db.session.rollback()
    return list(db.session.scalars(select(NameCounter.words)))


def test_everything_is_kept_at_the_end(app):
    with writing():
        add("one")
        add("two")
    assert sorted(words_there()) == ["one", "two"]


def test_nothing_is_kept_when_it_fails(app):
    with pytest.raises(ZeroDivisionError), writing():
        add("one")
        _ = 1 / 0
    assert words_there() == []


def test_one_inside_another_is_refused(app):
    with pytest.raises(RuntimeError, match="already open"), writing(), writing():
        pass


def test_after_a_failure_the_next_one_works(app):
    with pytest.raises(ZeroDivisionError), writing():
        _ = 1 / 0
    with writing():
        add("one")
    assert words_there() == ["one"]


def test_what_must_write_says_so_outside(app):
    with pytest.raises(RuntimeError, match="inside `with writing"):
        require_writing()


def test_a_reader_cannot_write(app):
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(OperationalError, match="readonly"):
            add("one")
    db.session.rollback()
    assert words_there() == []


def test_what_was_read_before_is_read_again(app):
    with writing():
        add("one")
    row = db.session.get(NameCounter, ("test", "one"))
    with db.engine.connect().execution_options(writing=True) as other, other.begin():
        db.session.rollback()
        other.execute(text("UPDATE name_counter SET count = 7"))
    with writing():
        assert row.count == 7


def test_an_error_in_the_middle_of_reading_leaves_no_old_instant_behind(app):
    """The half-read answer is still held by the traceback, as a log or a debugger holds one."""
    with writing():
        add("one")
        add("two")
    with db.engine.connect().execution_options(writing=True) as other:
        rows = iter(db.session.execute(select(NameCounter.__table__)))
        next(rows)
        with pytest.raises(DBAPIError) as held:
            db.session.execute(text("SELECT nothing FROM nowhere"))
        db.session.remove()
        with other.begin():
            other.execute(text("UPDATE name_counter SET count = 7"))
        with writing():
            add("three")
    assert db.session.get(NameCounter, ("test", "one")).count == 7
    assert held and rows


def test_an_error_in_the_middle_of_writing_leaves_the_lock_to_others(app):
    """As when the disk is full: the error, with an open answer in it, may be held for long."""
    with pytest.raises(DBAPIError) as held, writing():
        add("one")
        add("two")
        rows = iter(db.session.execute(select(NameCounter.__table__)))
        next(rows)
        db.session.execute(text("SELECT nothing FROM nowhere"))
    with db.engine.connect().execution_options(writing=True) as other, other.begin():
        other.execute(text("UPDATE name_counter SET count = 7"))
    assert words_there() == []
    assert held and rows


def test_words_leave_after_the_commit_and_once(app):
    heard = []

    def hear(sender, word, demand):
        heard.append(word)

    with announced.connected_to(hear), writing():
        announce("runner:1")
        announce("runner:1")
        assert heard == []
    assert heard == ["runner:1"]


def test_writers_come_one_after_another(app):
    """Each adds one to what it read; none is lost."""
    with writing():
        add("sum")

    def work():
        with app.app_context():
            for _ in range(10):
                with writing():
                    row = db.session.get(NameCounter, ("test", "sum"), with_for_update=True)
                    row.count += 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.rollback()
    assert db.session.get(NameCounter, ("test", "sum"), populate_existing=True).count == 41


def test_a_snapshot_sees_one_instant_whatever_others_commit(app):
    def others() -> None:
        with app.app_context(), writing():
            row = {"kind": "other", "words": "thread", "count": 1}
            db.session.execute(insert(NameCounter).values(row))

    begin_snapshot()
    before = db.session.scalars(select(NameCounter.words)).all()
    thread = threading.Thread(target=others)
    thread.start()
    thread.join()
    assert db.session.scalars(select(NameCounter.words)).all() == before
    begin_snapshot()
    assert "thread" in db.session.scalars(select(NameCounter.words)).all()
