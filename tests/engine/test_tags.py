import pytest

from webapp.engine.jobs import TaggedInput
from webapp.engine.states import Job
from webapp.engine.tags import TaggedJob, TaggedRun, UnknownTag, jobs_under

WANTED = TaggedInput("prepare", "latest")


def tagged(*jobs, workflow=None, **variables):
    """A run whose jobs have these (id, workflow, status)."""
    rows = [TaggedJob(id, name, Job(status)) for id, name, status in jobs]
    return TaggedRun("wise-otter-1", workflow, variables, rows)


@pytest.mark.parametrize(
    ("run", "variables", "ids"),
    [
        (tagged(("a", "prepare", "done")), {}, ["a"]),
        (tagged(("a", "prepare", "done"), ("b", "train", "failed")), {}, ["a"]),
        (tagged(("a", "prepare", "done"), ("b", "prepare", "done")), {}, ["a", "b"]),
        (tagged(("a", None, "done"), workflow="prepare"), {}, ["a"]),
        (tagged(("a", "prepare", "done"), size="3"), {"size": "3", "epochs": "9"}, ["a"]),
        (tagged(("a", "prepare", "done"), size="3"), {"epochs": "9"}, ["a"]),
    ],
)
def test_the_done_jobs_of_that_workflow_are_meant(run, variables, ids):
    assert jobs_under(WANTED, variables, run) == ids


@pytest.mark.parametrize(
    ("run", "variables", "tags", "sentence"),
    [
        (None, {}, [], "prepare:latest: no run has the tag latest. No run has a tag yet."),
        (None, {}, ["a", "b"], "no run has the tag latest. Tags there are: a, b."),
        (None, {}, list("abcdefg"), "Tags there are: a, b, c, d, e and 2 more."),
        (
            tagged(("a", "train", "done")),
            {},
            [],
            "prepare:latest: the tag latest is on wise-otter-1, a run of train and not of prepare.",
        ),
        (tagged(("a", None, "done")), {}, [], "a run of a job without a name and not of prepare."),
        (
            tagged(("a", "prepare", "done"), size="3"),
            {"size": "4"},
            [],
            "is on wise-otter-1, which ran with size=3 and not size=4.",
        ),
        (tagged(("a", "prepare", "failed")), {}, [], "where prepare is failed, not done."),
        (
            tagged(("a", "prepare", "done"), ("b", "prepare", "running")),
            {},
            [],
            "where prepare is running, not done.",
        ),
    ],
)
def test_what_is_there_instead_is_said(run, variables, tags, sentence):
    with pytest.raises(UnknownTag) as caught:
        jobs_under(WANTED, variables, run, tags)
    assert sentence in str(caught.value)


def test_what_the_wanted_workflow_would_be_given_here_is_what_counts():
    run = tagged(("a", "prepare", "done"), size="3")
    wanted = TaggedInput("prepare", "latest", {"size": "3"})
    assert jobs_under(wanted, {"size": "4, of another workflow"}, run) == ["a"]
    with pytest.raises(UnknownTag, match="ran with size=3 and not size=5"):
        jobs_under(TaggedInput("prepare", "latest", {"size": "5"}), {"size": "3"}, run)
