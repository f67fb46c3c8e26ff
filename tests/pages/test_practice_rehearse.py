from tests.pages.aws_scene import a_limit, a_machine, booted, refused_for
from tests.pages.scene import machine, text_of


def address(runner_name: str) -> str:
    return f"/runners/{runner_name}/rehearse"


def test_practice_aws_gives_notice_after_a_question(admin, configured, aws, practice_machine):
    name = booted(a_machine(a_limit(), ec2_id=practice_machine)).runner.name
    assert "Rehearse an interruption" in admin.get(f"/runners/{name}").text
    assert f"Rehearse an interruption of {name}?" in text_of(admin.get(address(name)))
    assert aws.machine(practice_machine)["notice"] is None
    answer = admin.post(address(name), follow_redirects=True)
    assert "EC2 has given notice" in text_of(answer)
    assert aws.machine(practice_machine)["notice"] is not None


def test_what_the_simulator_refuses_is_told_in_its_words(admin, configured, aws):
    name = booted(a_machine(a_limit(), ec2_id="i-77")).runner.name
    answer = admin.post(address(name), follow_redirects=True)
    assert "There is no machine i-77." in text_of(answer)


def test_with_real_aws_it_explains_how(admin, configured):
    instance = booted(a_machine(a_limit()))
    text = text_of(admin.get(address(instance.runner.name)))
    assert "Initiate interruption" in text
    assert instance.request_id in text


def test_a_machine_that_has_not_called_in_cannot_be_interrupted(admin, configured):
    name = a_machine(a_limit()).runner.name
    answer = admin.get(address(name), follow_redirects=True)
    assert "is requested: there is nothing to interrupt." in text_of(answer)


def test_a_machine_of_our_own_is_not_interrupted_by_anybody(app, admin):
    peer = machine(app)
    answer = admin.get(address(peer.name), follow_redirects=True)
    assert "only EC2 interrupts machines" in text_of(answer)


def test_a_runner_that_is_not_there_is_not_found(admin):
    assert admin.get(address("nobody-1")).status_code == 404


def test_only_an_admin_may(anonymous, viewer, member, configured):
    there = address(booted(a_machine(a_limit())).runner.name)
    assert refused_for(viewer, there, "+" + there) == [403, 403]
    assert refused_for(member, there, "+" + there) == [403, 403]
    assert refused_for(anonymous, there, "+" + there) == [303, 303]
