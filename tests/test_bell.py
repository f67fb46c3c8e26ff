from webapp.bell import Bell


def test_it_calls_when_it_rings():
    called = []
    bell = Bell()
    bell.call(lambda: called.append("now"))
    assert called == []
    bell.set()
    assert called == ["now"]


def test_it_calls_at_once_when_it_has_rung():
    called = []
    bell = Bell()
    bell.set()
    bell.call(lambda: called.append("now"))
    assert called == ["now"]


def test_it_calls_once():
    called = []
    bell = Bell()
    bell.call(lambda: called.append("now"))
    bell.set()
    bell.set()
    assert called == ["now"]
    assert not bell.hush(), "nobody is to be called any more"


def test_hushed_it_calls_nobody_and_has_rung_all_the_same():
    called = []
    bell = Bell()
    bell.call(lambda: called.append("now"))
    assert bell.hush()
    bell.set()
    assert called == []
    assert bell.is_set()


def test_whoever_waits_in_a_thread_hears_it_too():
    bell = Bell()
    assert not bell.wait(0)
    bell.set()
    assert bell.wait(0)
