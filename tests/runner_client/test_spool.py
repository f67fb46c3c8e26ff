from runner_client.spool import BEYOND, Spool


def test_it_gives_back_what_was_put_in_from_any_offset(tmp_path):
    spool = Spool(tmp_path / "spool", 10**6)
    spool.append(b"hello ")
    spool.append(b"world")
    assert spool.read(0, 100) == b"hello world"
    assert spool.read(6, 3) == b"wor"
    assert spool.read(11, 3) == b""
    spool.close()


def test_a_silent_job_makes_no_file(tmp_path):
    spool = Spool(tmp_path / "spool", 10)
    assert spool.read(0, 10) == b""
    assert not (tmp_path / "spool").exists()


def test_beyond_the_maximum_it_counts_and_keeps_just_enough_for_the_servers_mark(tmp_path):
    spool = Spool(tmp_path / "spool", 1000)
    spool.append(b"x" * 10_000)
    spool.append(b"y" * 10_000)
    assert (spool.total, spool.stored) == (20_000, 1000 + BEYOND)
    spool.close()


def test_when_the_server_keeps_no_more_the_disk_is_free_again(tmp_path):
    spool = Spool(tmp_path / "spool", 10**6)
    spool.append(b"x" * 5000)
    spool.drop()
    spool.append(b"more")
    assert (tmp_path / "spool").stat().st_size == 0
    assert spool.total == 5004
    spool.close()
