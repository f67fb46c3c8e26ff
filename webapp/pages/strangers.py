"""In AWS, not in our books: ended with one click, and a question first."""

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.extensions import db
from webapp.models.stranger import Stranger, end_stranger
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.people import me


@pages.route("/settings/aws/strangers/<stranger_id>/end", methods=["GET", "POST"])
@allow("admin")
def end_one_stranger(stranger_id: str) -> str | Response | tuple[str, int]:
    """Terminate the machine, or cancel the request."""
    row = db.session.get(Stranger, stranger_id)
    if row is None:
        abort(404, f"AWS has not shown anything called {stranger_id[:60]}.")
    if row.gone_at is not None or row.end_asked_at is not None:
        flash(f"{row.id} is gone, or on its way out.", "error")
        return redirect(url_for("pages.aws"), 303)

    def act() -> Response:
        with writing():
            end_stranger(me(), row, now())
        flash(f"{row.id} is being ended; it is tried until EC2 no longer lists it.")
        return redirect(url_for("pages.aws"), 303)

    end = "Terminate this machine" if row.kind == "machine" else "Cancel this request"
    return confirm(
        f"{end.split()[0]} {row.id}?",
        (
            f"It is a {row.instance_type} in {row.region}, {row.state}. {row.why}",
            "What runs on it is lost.",
        ),
        button=end,
        back=url_for("pages.aws"),
        act=act,
    )
