"""What machines cost, wherever a page says it."""

from flask import abort, render_template

from webapp.access import allow
from webapp.clock import now
from webapp.engine.money import Amount
from webapp.engine.words import count
from webapp.models.aws_account import aws_account
from webapp.models.bill import cost_of_run
from webapp.models.bill_now import Bill, bill_now, cost_of_runner
from webapp.models.run import Run
from webapp.pages import pages
from webapp.pages.live import NOTHING_NEW, order_of, seen, version


@pages.get("/money")
@allow("viewer")
def money() -> str | tuple[str, int]:
    """The line of amounts alone, when it is not the one that the page shows."""
    amounts = the_bill()
    if amounts is None:
        abort(404)
    known = seen()
    if known is not None and known.rest == order_of(_words(amounts)):
        return NOTHING_NEW
    return render_template("aws/money_line.html")


@pages.app_template_global()
def the_bill() -> Bill | None:
    """Amounts of this moment; None where no machine can cost anything."""
    amounts = bill_now(now())
    return amounts if amounts.machines or amounts.today.dollars or aws_account() else None


@pages.app_template_global()
def bill_version(amounts: Bill) -> str:
    """What a poll carries: it changes when a shown word does."""
    return str(version(0, order_of(_words(amounts))))


@pages.app_template_global()
def runner_cost(runner_id: str) -> Amount:
    """Of the machine of one runner, until now."""
    return cost_of_runner(runner_id, now())


@pages.app_template_global()
def run_cost(run: Run) -> float:
    """Dollars of one run, until now; 0 when no machine with a known price was in it."""
    return cost_of_run(run.id, now())


@pages.app_template_filter()
def dollars(amount: float) -> str:
    """ "$0.0384", "$12.30": four digits while it is less than a dollar."""
    if 0 < amount < 0.0001:
        return "under $0.0001"
    return f"${amount:.4f}" if 0 < amount < 1 else f"${amount:,.2f}"


@pages.app_template_filter()
def amount(value: Amount) -> str:
    """Dollars, and what is missing in them."""
    if not value.unknown:
        return dollars(value.dollars)
    missing = f"{count(value.unknown, 'machine')} whose price is not known"
    return f"{dollars(value.dollars)} + {missing}" if value.dollars else missing


def _words(amounts: Bill) -> list[str]:
    return [amount(value) for value in amounts[:3]]
