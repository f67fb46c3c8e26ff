import threading

from webapp.clock import now
from webapp.models.lease import give_up_lease, held_for, holds_lease, lease_until, take_lease
from webapp.models.transaction import writing


def take(holder, seconds=15):
    with writing():
        return take_lease("test", holder, now(), seconds)


def test_one_holder_at_a_time(app, clock):
    assert take("a")
    assert not take("b")
    assert lease_until("test") == clock.moment + 15_000
    assert (holds_lease("test", "a", now()), holds_lease("test", "b", now())) == (True, False)


def test_it_is_renewed_by_its_holder(app, clock):
    take("a")
    clock.advance(10)
    assert take("a")
    clock.advance(10)
    assert not take("b")
    assert held_for("test", now()) == 20


def test_a_lease_that_ran_out_goes_to_the_next(app, clock):
    take("a")
    clock.advance(15)
    assert not holds_lease("test", "a", now())
    assert held_for("test", now()) == 0
    assert take("b")
    assert not take("a")


def test_after_a_gap_the_time_held_begins_anew(app, clock):
    take("a")
    clock.advance(20)
    take("a")
    clock.advance(3)
    assert held_for("test", now()) == 3


def test_one_given_up_is_free_at_once(app):
    take("a")
    with writing():
        give_up_lease("test", "a")
    assert take("b")


def test_nobody_gives_up_another_ones(app):
    take("a")
    with writing():
        give_up_lease("test", "b")
    assert not take("b")


def test_one_that_nobody_took_ended_long_ago(app):
    assert lease_until("unheard of") == 0


def test_of_many_at_once_one_gets_it(app):
    got = []

    def work(holder):
        with app.app_context():
            if take(holder):
                got.append(holder)

    threads = [threading.Thread(target=work, args=[f"holder {n}"]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(got) == 1
