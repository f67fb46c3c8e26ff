from webapp.api.window import SlidingWindow


def test_so_many_pass_and_the_next_one_is_told_how_long_to_wait():
    window = SlidingWindow(3, 60)
    assert [window.wait(1, moment) for moment in (100, 110, 120)] == [0, 0, 0]
    assert window.wait(1, 130) == 30
    assert window.wait(1, 160) == 0
    assert window.wait(1, 160) == 10


def test_each_key_is_counted_by_itself():
    window = SlidingWindow(1, 60)
    assert (window.wait(1, 0), window.wait(2, 0)) == (0, 0)
    assert window.wait(1, 0) == 60


def test_what_was_refused_does_not_count():
    window = SlidingWindow(1, 60)
    assert [window.wait(1, moment) for moment in (0, 20, 40, 60)] == [0, 40, 20, 0]
