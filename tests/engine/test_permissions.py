from webapp.engine.permissions import policy


def actions(on_demand: bool) -> list[str]:
    (statement,) = policy(on_demand)["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
    return statement["Action"]


def test_the_action_that_does_not_exist_is_replaced_by_the_one_that_does():
    assert "ec2:CreateSecurityGroup" in actions(False)
    assert "ec2:CreateSecurityGroups" not in actions(False)


def test_spot_needs_no_right_to_run_instances():
    assert "ec2:RunInstances" not in actions(False)


def test_on_demand_needs_one_action_more_and_no_tags():
    assert set(actions(True)) - set(actions(False)) == {"ec2:RunInstances"}
