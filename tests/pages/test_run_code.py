import pytest

from tests.pages.scene import submitted, text_of
from webapp.engine.jobs import Code, JobSpec
from webapp.pages.run_code import SHOWN, without_user

DIFF = """diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1 +1 @@
-old & <b>
+new
"""
URL = "https://example.org/models.git"


def page_of(client, code, **about):
    run = submitted(JobSpec("true"), code=code, **about)
    return run, client.get(f"/runs/{run.name}")


def test_it_names_repository_branch_and_commit(app, viewer, people):
    _, answer = page_of(viewer, Code(URL, "main", "0123456789" * 4))
    assert f"From {URL} , branch main , commit 0123456789 ." in text_of(answer)
    assert f'<a href="{URL}" rel="noreferrer">' in answer.text
    assert "Local changes" not in answer.text


@pytest.mark.parametrize(
    "url",
    ["git@example.org:a/b.git", "ssh://git@example.org/b.git", "javascript:alert(1)", "/srv/b.git"],
)
def test_only_an_address_of_the_web_is_a_link(app, viewer, people, url):
    _, answer = page_of(viewer, Code(url, None, "0" * 40))
    assert f'href="{url}"' not in answer.text and "From " in answer.text


def test_a_password_in_an_address_is_not_shown(app, viewer, people):
    _, answer = page_of(viewer, Code("https://max:hunter2@example.org/b.git", None, None))
    assert "hunter2" not in answer.text and "From https://example.org/b.git" in text_of(answer)
    assert without_user("HTTPS://a@b/c@d") == "HTTPS://b/c@d"


def test_an_archive_is_named_by_its_digest(app, viewer, people):
    _, answer = page_of(viewer, Code(archive="abcdef0123456789"))
    assert "From an archive with the SHA-256 abcdef0123…" in text_of(answer)


def test_variables_are_a_section(app, viewer, people):
    _, answer = page_of(viewer, None, variables={"epochs": "10", "size": "3"})
    assert "Variables epochs 10 size 3" in text_of(answer)


def test_local_changes_are_shown_by_file_and_line(app, viewer, people):
    _, answer = page_of(viewer, Code(URL, "main", "0" * 40, DIFF))
    assert "Local changes 1 file" in text_of(answer) and "train.py +1 −1" in text_of(answer)
    assert '<span class="diff-gone">-old &amp; &lt;b&gt;' in answer.text
    assert '<span class="diff-add">+new' in answer.text


def test_a_long_diff_is_cut_at_a_line_with_a_link_to_all_of_it(app, viewer, people):
    long = DIFF.replace("+1 @@", "+1,40000 @@") + "+a line that is added\n" * 40_000
    run, answer = page_of(viewer, Code(URL, "main", "0" * 40, long))
    assert answer.status_code == 200 and len(answer.text) < 4 * SHOWN
    assert "Cut here: the last 680" in text_of(answer)
    assert "added\n</span></pre>" in answer.text
    raw = viewer.get(f"/runs/{run.name}/local-changes")
    assert raw.text == long and raw.content_type == "text/plain; charset=utf-8"


def test_one_endless_line_is_cut_too(app, viewer, people):
    _, answer = page_of(viewer, Code(URL, "main", "0" * 40, DIFF + "+" + "x" * 100_000))
    assert len(answer.text) < 60_000 and "x" * 400 in answer.text and "x…" in answer.text


def test_no_changes_are_404(app, viewer, people):
    run, _ = page_of(viewer, None)
    assert viewer.get(f"/runs/{run.name}/local-changes").status_code == 404
    assert viewer.get("/runs/nobody-1/local-changes").status_code == 404
