"""Never leak a machine (rules 6 to 13)."""

from tests.mutants.mutant import bug

LEAKS = (
    bug(
        "terminated because we said so",
        "6",
        "webapp/tasks/terminate.py",
        "        termination_tried(instance_id, error, clock_now())\n",
        "        termination_tried(instance_id, error, clock_now())\n"
        "        if machine_id and not error:\n"
        '            instance_over(instance_id, "", "", clock_now())\n',
    ),
    bug(
        "give up terminating after three tries",
        "6",
        "webapp/models/terminate_calls.py",
        "    query = select(Instance).where(Instance.status == Status.TERMINATING, when)\n",
        "    query = select(Instance).where(Instance.status == Status.TERMINATING, when)\n"
        "    query = query.where(Instance.terminate_tries < 3)\n",
        "tests/tasks/test_terminate.py",
    ),
    bug(
        "other keys while machines live",
        "7",
        "webapp/models/aws_account.py",
        "    if living and aws_account() is not None:\n",
        "    if living and aws_account() is None:\n",
    ),
    bug(
        "never look at a region where nothing is",
        "8",
        "webapp/tasks/observe.py",
        "    seconds = LIVING_SECONDS if region.name in living else SWEEP_SECONDS\n",
        "    seconds = LIVING_SECONDS if region.name in living else 10**9\n",
        "tests/tasks/test_observe.py",
    ),
    bug(
        "forget a request without cancelling it",
        "9",
        "webapp/tasks/terminate.py",
        "    if request_id:\n        error = _tried(cloud.cancel, region, request_id)\n",
        "",
        "tests/tasks/test_launch.py",
    ),
    bug(
        "a cancelled request has no machine",
        "9",
        "webapp/engine/plan/sightings.py",
        "    machine_id = machine.id if machine else (request.machine_id if request else None)\n",
        "    machine_id = machine.id if machine else None\n",
        "tests/engine/test_sightings.py",
    ),
    bug(
        "a request that is open is over",
        "9",
        "webapp/engine/plan/sightings.py",
        '_OVER_REQUESTS = frozenset({"closed", "cancelled", "failed", "disabled"})',
        '_OVER_REQUESTS = frozenset({"closed", "cancelled", "failed", "disabled", "open"})',
    ),
    bug(
        "persistent requests",
        "10",
        "webapp/cloud/launching.py",
        '"Type": "one-time"',
        '"Type": "persistent"',
    ),
    bug(
        "NotFound means gone",
        "11",
        "webapp/tasks/terminate.py",
        '        log.warning("ending %s in %s: %s", ec2_id, region, error)\n',
        '        log.warning("ending %s in %s: %s", ec2_id, region, error)\n'
        '        if error.kind == "gone":\n'
        "            with writing():\n"
        "                mine = select(Instance.id).where(Instance.ec2_id == ec2_id)\n"
        "                for each in db.session.scalars(mine).all():\n"
        '                    instance_over(each, "", "", clock_now())\n',
        "tests/tasks/test_terminate.py",
    ),
    bug(
        "what is not visible at once was never made",
        "11",
        "webapp/engine/plan/sightings.py",
        "    elif now - row.called_at >= VISIBLE_AFTER * 1000 and not row.heard:\n",
        "    elif not row.heard:\n",
    ),
    bug(
        "ownership by process",
        "12",
        "webapp/tasks/cloud_access.py",
        'return f"odr-{the_installation().uuid}"',
        'return f"odr-{id(current_app.extensions)}"',
    ),
    bug(
        "the dead-man's switch after the installation",
        "13",
        "webapp/cloud/userdata.py",
        "#!/bin/sh\nshutdown -h +{minutes}\nset -eu\n",
        "#!/bin/sh\nset -eu\n",
        "tests/cloud/test_userdata.py",
    ),
)
