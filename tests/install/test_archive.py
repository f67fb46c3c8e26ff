import io
import zipfile

from webapp.install.archive import archive, build

FILES = (("__main__.py", b"print('hello')\n"), ("a/b.py", b"x = 1\n"))


def test_the_same_sources_are_the_same_bytes():
    assert build(FILES) == build(FILES)


def test_another_source_is_another_digest():
    assert build(FILES) != build((FILES[0], ("a/b.py", b"x = 2\n")))


def test_it_holds_the_agent_and_nothing_of_the_server():
    names = zipfile.ZipFile(io.BytesIO(archive().content)).namelist()
    assert "__main__.py" in names and "runner_client/agent.py" in names
    ours = ("runner_client/", "git_access/", "__main__")
    assert not [name for name in names if not name.startswith(ours)]


def test_it_is_built_once_while_nothing_changes():
    assert archive() is archive()
