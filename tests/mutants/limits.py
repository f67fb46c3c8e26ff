"""Never over a limit (rules 1 to 5)."""

from tests.mutants.mutant import Mutant, Patch, bug

COUNTED = "    return db.session.scalar(query.where(Instance.status != Status.TERMINATED)) or 0\n"

LIMITS = (
    Mutant(
        "count only visible machines",
        "1",
        (
            Patch(
                "webapp/models/instance.py",
                COUNTED,
                "    seen = (Instance.status != Status.TERMINATED, Instance.ec2_id.is_not(None))\n"
                "    return db.session.scalar(query.where(*seen)) or 0\n",
            ),
            Patch(
                "webapp/engine/limits.py",
                "    return Counter(each.key for each in instances "
                "if each.status != Instance.TERMINATED)\n",
                "    return Counter(each.key for each in instances if each.has_machine)\n",
            ),
        ),
    ),
    Mutant(
        "free the slot of a machine that is told to end",
        "1",
        (
            Patch(
                "webapp/models/instance.py",
                COUNTED,
                "    gone = (Status.TERMINATED, Status.TERMINATING)\n"
                "    return db.session.scalar(query.where(Instance.status.not_in(gone))) or 0\n",
            ),
            Patch(
                "webapp/engine/limits.py",
                "    return Counter(each.key for each in instances "
                "if each.status != Instance.TERMINATED)\n",
                "    return Counter(each.key for each in instances "
                "if each.status != Instance.TERMINATING)\n",
            ),
        ),
    ),
    bug(
        "do not recheck the limit when a slot is reserved",
        "1",
        "webapp/models/reservation.py",
        "    if headroom(limit.maximum, slots_taken(key_of(limit))) == 0:\n        return None\n",
        "",
        "tests/models/test_reservation.py",
    ),
    bug(
        "launch while the limit is switched off",
        "2",
        "webapp/models/reservation.py",
        "return account.enabled and limit.enabled and",
        "return",
        "tests/models/test_reservation.py",
    ),
    bug(
        "forget the ClientToken of spot requests",
        "3",
        "webapp/cloud/launching.py",
        '        "ClientToken": order.token,\n        "InstanceCount": 1,\n',
        '        "InstanceCount": 1,\n',
    ),
    bug(
        "forget the ClientToken of RunInstances",
        "3",
        "webapp/cloud/launching.py",
        '        "ClientToken": order.token,\n        "MinCount": 1,\n',
        '        "MinCount": 1,\n',
    ),
    bug(
        "a new ClientToken for each try",
        "3",
        "webapp/tasks/launch.py",
        "Order(token=begun.id, ",
        'Order(token=f"{begun.id}-{begun.tries}", ',
    ),
    Mutant(
        "prepare each repetition anew",
        "3",
        (
            Patch(
                "webapp/tasks/launch.py",
                "    if instance.parameters is None and not _prepare(cloud, instance):",
                "    if not _prepare(cloud, instance):",
            ),
            Patch(
                "webapp/models/launch_calls.py",
                "        Instance.status == Status.PENDING,\n"
                "        Instance.parameters.is_(None),\n",
                "        Instance.status == Status.PENDING,\n",
            ),
        ),
    ),
    bug(
        "no answer means no machine",
        "3",
        "webapp/cloud/errors.py",
        'f"AWS did not answer: {what}.", definite=False)',
        'f"AWS did not answer: {what}.", definite=True)',
    ),
    bug(
        "an error of EC2's own means no machine",
        "3",
        "webapp/cloud/errors.py",
        '_UNCLEAR = frozenset({"throttling", "unknown", "silence"})',
        '_UNCLEAR = frozenset({"throttling", "silence"})',
        "tests/cloud/test_errors.py",
    ),
    bug(
        "a no to a repeated launch ends the row",
        "3",
        "webapp/tasks/launch.py",
        "_refused(instance_id, error, first=tries == 1)",
        "_refused(instance_id, error, first=True)",
        "tests/tasks/test_launch.py",
    ),
    bug(
        "two marks alike in one region",
        "3",
        "webapp/models/reservation.py",
        "    while second in used:\n        second += 1000\n",
        "",
        "tests/models/test_reservation.py",
    ),
    bug(
        "two machines for one job",
        "4",
        "webapp/models/reservation.py",
        "    return waits and db.session.scalar(coming.limit(1)) is None\n",
        "    return waits\n",
        "tests/models/test_reservation.py",
    ),
    bug(
        "lowering a limit removes nothing",
        "5",
        "webapp/engine/limits.py",
        "    return sorted(staying, key=_loss)[:too_many]\n",
        "    return sorted(staying, key=_loss)[:0] * too_many\n",
        "tests/engine/test_limits.py",
    ),
)
