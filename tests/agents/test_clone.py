from tests.agents.books import newest_event, runner_row
from tests.agents.machine import AgentPeer


def copy_of(machine):
    """Another machine with the same credential, as an image of a disk makes one."""
    copy = AgentPeer(machine.app, "cd" * 32)
    copy.credential = machine.credential
    return copy


def test_a_copied_machine_becomes_a_runner_of_the_same_owner(machine):
    copy = copy_of(machine)
    answer = copy.call("clone", copy.hello())
    assert answer.status_code == 201
    assert answer.json["runner_id"] != machine.runner_id
    row = runner_row(answer.json["runner_id"])
    assert (row.owner.name, row.status) == ("max", "offline")
    assert newest_event(runner_id=row.id).why == f"a copy of the machine of {machine.name}"


def test_the_copy_starts_with_its_own_credential(machine):
    copy = copy_of(machine)
    copy.credential = copy.call("clone", copy.hello()).json["credential"]
    copy.start()
    assert machine.poll()["jobs"] == []


def test_a_credential_that_is_unknown_is_refused(machine):
    answer = machine.call("clone", machine.hello(), secret="unknown")
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_credential")


def test_a_wrong_field_is_named(machine):
    answer = machine.call("clone", {**machine.hello(), "machine_id": "x"})
    assert answer.status_code == 400
    assert list(answer.json["fields"]) == ["machine_id"]


def test_another_version_of_the_protocol_is_refused(machine):
    assert machine.call("clone", {**machine.hello(), "protocol": 9}).status_code == 426
