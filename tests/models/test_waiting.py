from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.extensions import db
from webapp.models.job import Job, ask
from webapp.models.waiting import waiting_jobs

ASKS = [
    Ask(),
    Ask(1500, 100, 64, 2, "V100", 8000, frozenset({"ssd", "höhe"}), True, False),
    Ask(labels=frozenset({"ssd"}), interruptible=True),
    Ask(),
]


def spec(needs):
    return JobSpec("true", image="debian:12" if needs.container else None, ask=needs)


def test_every_waiting_job_comes_in_order_with_what_it_asks(submit):
    jobs = submit(*map(spec, ASKS)).jobs
    found = list(waiting_jobs())
    assert {job_id: needs for job_id, _, needs in found} == dict(zip(jobs, ASKS, strict=True))
    assert [needs for _, _, needs in found] == [ask(db.session.get(Job, i)) for i, _, _ in found]


def test_equal_asks_are_one_object(submit):
    submit(*map(spec, ASKS))
    plain = [needs for _, _, needs in waiting_jobs() if needs == Ask()]
    assert len(plain) == 2 and plain[0] is plain[1]


def test_only_so_many_are_read(submit):
    submit(*map(spec, ASKS))
    assert len(list(waiting_jobs(2))) == 2


def test_what_waits_for_another_job_is_not_among_them(submit):
    first, _ = submit(JobSpec("true"), JobSpec("true", depends_on=(0,))).jobs
    assert [job_id for job_id, _, _ in waiting_jobs()] == [first]
