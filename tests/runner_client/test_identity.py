from runner_client.home import Home
from runner_client.identity import machine_id


def machine(root, **files):
    for name, text in files.items():
        path = root / {"id": "etc/machine-id", "tag": "sys/class/dmi/id/board_asset_tag"}[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return root


def test_it_is_the_same_each_time_and_does_not_show_its_parts(tmp_path):
    root, home = machine(tmp_path / "root", id="c0ffee"), Home(tmp_path)
    digest = machine_id(home, root)
    assert digest == machine_id(home, root)
    assert len(digest) == 64 and "c0ffee" not in digest


def test_an_image_of_an_instance_is_another_machine(tmp_path):
    home = Home(tmp_path)
    one = machine_id(home, machine(tmp_path / "one", id="c0ffee", tag="i-1"))
    other = machine_id(home, machine(tmp_path / "other", id="c0ffee", tag="i-2"))
    assert one != other


def test_a_machine_without_an_id_gets_one_that_stays(tmp_path):
    home, other, root = Home(tmp_path / "one"), Home(tmp_path / "other"), tmp_path / "root"
    home.make()
    other.make()
    assert machine_id(home, root) == machine_id(home, root)
    assert machine_id(home, root) != machine_id(other, root)
