"""Run workflow, of a directory that is sent as an archive: first the archive, then what of it."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import HiddenField

from webapp.access import allow
from webapp.archives import (
    Archive,
    BadArchive,
    TooLarge,
    archive_store,
    kept_archive,
    receive_archive,
)
from webapp.body_size import takes_archive
from webapp.engine.jobs import Code
from webapp.pages import pages
from webapp.pages.new_run.choice import Choice, choice_of

_CHOOSE = "Choose a .tar.gz or .zip of your directory."
_AGAIN = "The server does not have this archive any more: send it again."


class ArchiveForm(FlaskForm):
    """`kept` is the archive that is here already, `called` what its file was called."""

    file = FileField("Archive")
    kept = HiddenField()
    called = HiddenField()


@pages.route("/runs/new/archive", methods=["GET", "POST"])
@allow("member")
@takes_archive
def run_archive() -> str | Response | tuple[str, int]:
    """Send it; choose a workflow; run."""
    form = ArchiveForm()
    if not form.validate_on_submit():
        return _page(form, None, None)
    sent = bool(form.file.data)
    archive = _archive(form)
    if archive is None:
        return _page(form, None, None), 400
    choice = choice_of(archive.files, request.form)
    if sent or "run" not in request.form:
        return _page(form, archive, choice)
    name = choice.submit(Code(archive=archive.sha))
    if name is None:
        return _page(form, archive, choice), 400
    flash(f"{name} is submitted.")
    return redirect(url_for("pages.run", name=name), 303)


def _archive(form: ArchiveForm) -> Archive | None:
    """The one that was sent, or that is kept since; what is wrong is said beside the field."""
    maximum = current_app.extensions["settings"].archive_maximum
    file = form.file.data
    try:
        if file:
            archive = receive_archive(archive_store(), file.stream, maximum)
            form.called.data = file.filename
        else:
            archive = kept_archive(archive_store(), form.kept.data or "", maximum)
    except BadArchive as error:
        form.file.errors = [str(error)]
        return None
    except TooLarge:
        form.file.errors = [f"An archive may have {maximum // 1024 // 1024} MiB."]
        return None
    if archive is None:
        form.file.errors = [_AGAIN if form.kept.data else _CHOOSE]
        return None
    form.kept.data = archive.sha
    return archive


def _page(form: ArchiveForm, archive: Archive | None, choice: Choice | None) -> str:
    maximum = current_app.extensions["settings"].archive_maximum
    about = {"section": "Runs", "way": "Archive", "most_mib": maximum // 1024 // 1024}
    return render_template("runs/archive.html", form=form, archive=archive, choice=choice, **about)
