"""The rules for all limits: default region, maximum price, times."""

from flask_wtf import FlaskForm
from wtforms import FloatField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from webapp.engine.region_names import region_name, regions_named
from webapp.models.aws_account import AwsAccount
from webapp.models.catalogue import regions

_DAY = 24 * 3600
_SECONDS = "Give a whole number of seconds."


def _seconds(label: str, least: int, most: int, needed: bool = True) -> IntegerField:
    first = InputRequired(_SECONDS) if needed else Optional()
    words = f"From {least} to {most} seconds."
    return IntegerField(label, [first, NumberRange(least, most, message=words)])


class RulesForm(FlaskForm):
    """Empty fields are rules that are not set."""

    region = SelectField("Default region", validate_choice=False)
    maximum_price = FloatField(
        "Maximum price",
        [Optional(), NumberRange(0.001, 1000, message="From 0.001 to 1000 dollars an hour.")],
    )
    idle_seconds = _seconds("Idle time", 0, _DAY)
    boot_seconds = _seconds("Boot timeout", 60, 7200)
    lifetime_seconds = _seconds("Maximum lifetime", 300, 365 * _DAY, needed=False)

    def offer_regions(self) -> "RulesForm":
        """Fill the list."""
        self.region.choices = [SelectChoice("", "none"), *region_choices(self.region.data)]
        return self


def region_choices(chosen: str | None = None) -> list[SelectChoice]:
    """Codes with human names, in the order of the names; those of EC2, once it told."""
    codes = {each.name for each in regions() if each.usable} or set(regions_named())
    codes |= {chosen} if chosen else set()
    choices = [SelectChoice(code, f"{region_name(code)} ({code})") for code in codes]
    return sorted(choices, key=lambda choice: choice.label)


def rules_of(account: AwsAccount | None) -> RulesForm:
    """The form as the rules are."""
    return RulesForm(formdata=None, obj=account).offer_regions()
