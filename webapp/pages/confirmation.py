"""Ask first: a page that says what will happen, with one button that does it.

The page opens in front of the one that leads to it when scripts run; without them it is a page.
"""

from collections.abc import Callable, Sequence

from flask import render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response


def confirm(
    question: str,
    says: Sequence[str],
    *,
    button: str,
    back: str,
    act: Callable[[], Response],
    form: FlaskForm | None = None,
    risky: bool = True,
) -> str | Response | tuple[str, int]:
    """GET asks; POST acts, when `form` (if any) is filled in rightly."""
    if request.method == "POST" and (form is None or form.validate()):
        return act()
    page = render_template(
        "confirm.html",
        question=question,
        says=says,
        button=button,
        back=back,
        action=request.full_path.rstrip("?"),
        form=form,
        risky=risky,
    )
    return (page, 400) if request.method == "POST" else page
