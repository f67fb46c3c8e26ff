"""Never kill good work (rules 14 to 18), and never run it twice."""

from tests.mutants.mutant import bug

WORK = (
    bug(
        "terminate a machine whose runner takes jobs",
        "14",
        "webapp/models/instance_moves.py",
        "    elif runner.status == RunnerStatus.LIVE or active_jobs(runner.id):\n"
        "        return False\n",
        "",
        "tests/tasks/test_terminate.py",
    ),
    bug(
        "a draining runner takes jobs",
        "14",
        "webapp/agents/poll.py",
        "        if runner.status == Status.LIVE and body.slots",
        "        if runner.status != Status.GONE and body.slots",
    ),
    bug(
        "absent from one list is gone",
        "15",
        "webapp/engine/plan/sightings.py",
        "MISSING_GRACE = 300 ",
        "MISSING_GRACE = 0 ",
    ),
    bug(
        "a status changes without an event",
        "16",
        "webapp/models/moves.py",
        "    record(who, what, why, now, **about)\n    return True\n",
        '    if table.__tablename__ != "runner":\n'
        "        record(who, what, why, now, **about)\n    return True\n",
    ),
    bug(
        "AWS's own reason is not kept",
        "16",
        "webapp/models/instance_moves.py",
        '        "aws_reason": aws_reason or None,\n',
        "",
        "tests/tasks/test_observe.py",
    ),
    bug(
        "an interruption spends a retry",
        "17",
        "webapp/models/instance_moves.py",
        "    if instance.interruption_at is not None or "
        "runner.status == RunnerStatus.INTERRUPTED:\n",
        "    if instance.terminated_at is not None:\n",
    ),
    bug(
        "an interrupted runner takes jobs",
        "18",
        "webapp/models/instance_moves.py",
        "        interrupt_runner(SCHEDULER, runner, why, now, None)\n",
        "        return True\n",
    ),
    bug(
        "two runners claim one job",
        "promise 3",
        "webapp/models/moves.py",
        '    guards = {"id": key, "status": old, **(same or {})}\n',
        '    guards = {"id": key}\n',
        "tests/models/test_claiming.py",
        "tests/models/test_moves.py",
    ),
    bug(
        "a report of an old attempt counts",
        "promise 3",
        "webapp/agents/reports.py",
        "    open_still = job.attempt_over_at is None and job.attempt == report.attempt\n",
        "    open_still = True\n",
        "tests/agents/test_reports.py",
    ),
    bug(
        "an agent that starts anew keeps its jobs",
        "promise 3",
        "webapp/agents/start.py",
        "        if runner.session != body.session:  # not the same call again\n",
        "        if runner.session is None:\n",
    ),
    bug(
        "a lost answer loses its jobs",
        "promise 3",
        "webapp/agents/poll.py",
        "news, room = missing_from(body.holding, jobs), None",
        "news, room = [], None",
    ),
    bug(
        "what was given away is not told",
        "promise 3",
        "webapp/agents/orders.py",
        '        word = "drop" if status is None else _ORDER.get(status)\n',
        "        word = None if status is None else _ORDER.get(status)\n",
        "tests/agents/test_poll.py",
    ),
    bug(
        "a runner takes more than it has room for",
        "promise 3",
        "webapp/models/claiming.py",
        "            self.room = take(self.room, needs)\n",
        "",
    ),
)
