from runner_client import session_file


def test_a_life_names_the_one_before_it(tmp_path):
    path = tmp_path / "session.json"
    first = session_file.begin(path)
    assert first.previous is None
    session_file.confirm(path, first)
    second = session_file.begin(path)
    assert second.previous == first.session != second.session


def test_a_start_whose_answer_was_lost_is_repeated_under_the_same_name(tmp_path):
    path = tmp_path / "session.json"
    session_file.confirm(path, session_file.begin(path))
    assert session_file.begin(path) == session_file.begin(path)


def test_a_file_that_a_power_cut_emptied_begins_anew(tmp_path):
    path = tmp_path / "session.json"
    path.write_text("")
    assert session_file.begin(path).previous is None


def test_a_new_runner_has_no_earlier_life(tmp_path):
    path = tmp_path / "session.json"
    session_file.confirm(path, session_file.begin(path))
    session_file.forget(path)
    assert session_file.begin(path).previous is None
