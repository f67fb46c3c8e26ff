"""The form of a limit: what is wrong with it is told at each field, and nothing typed is lost."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField

from webapp.models.limit_check import PURCHASE_TYPES, LimitWish, check_wish, duplicate_problem
from webapp.pages.aws_rules import region_choices

_IMAGE = re.compile(r"ami-[0-9a-f]{8,17}")
_LEAST_GIB, _MOST_GIB = 8, 16384
NAMES = {"spot": "Spot", "on-demand": "On-demand"}


def _tidy(value: object) -> str:
    return "" if value is None else str(value).strip()


class LimitForm(FlaskForm):
    """All fields are texts: the rules are in models/limit_check, and here for the choices."""

    region = SelectField("Region", validate_choice=False, filters=[_tidy])
    instance_type = StringField("Instance type", filters=[_tidy])
    purchase_type = SelectField("Purchase type", validate_choice=False, filters=[_tidy])
    maximum = StringField("Maximum", filters=[_tidy], default="1")
    image_id = StringField("AMI id", filters=[_tidy])
    volume_gib = StringField("Volume, GiB", filters=[_tidy])
    encrypted = BooleanField("Encrypt the volume")

    def offer(self) -> "LimitForm":
        """Fill the lists: all regions, and what the type can be bought as."""
        self.region.choices = [
            SelectChoice("", "Choose…"),
            *region_choices(self.region.data or None),
        ]
        offered = self.wish().offered
        kinds = offered.purchase_types if offered else PURCHASE_TYPES
        self.purchase_type.choices = [
            SelectChoice(kind, NAMES[kind]) for kind in PURCHASE_TYPES if kind in kinds
        ]
        return self

    def wish(self) -> LimitWish:
        """The four words that make a limit, checked."""
        names = ("region", "instance_type", "purchase_type", "maximum")
        words = [self[name].data or "" for name in names]
        words[1] = words[1].lower()
        return check_wish(*words)

    def problems(self) -> dict[str, str]:
        """Field -> sentence; also told at the fields."""
        wish = self.wish()
        found = {**wish.problems, **self.choice_problems()}
        twin = None if found else duplicate_problem(wish)
        if twin:
            found["instance_type"] = twin
        self.tell(found)
        return found

    def choice_problems(self) -> dict[str, str]:
        """Of the advanced fields."""
        found = {}
        if self.image_id.data and not _IMAGE.fullmatch(self.image_id.data):
            found["image_id"] = "An AMI id looks like ami-0123456789abcdef0."
        size = self.volume_gib.data
        if size and not (size.isascii() and size.isdigit() and _in_range(size)):
            found["volume_gib"] = f"A whole number of GiB from {_LEAST_GIB} to {_MOST_GIB}."
        return found

    def tell(self, problems: dict[str, str]) -> None:
        """Put sentences at their fields."""
        for name, sentence in problems.items():
            self[name].errors = (*self[name].errors, sentence)

    def choices(self) -> dict[str, Any]:
        """The advanced fields, as the model wants them; None: as the image has it."""
        return {
            "image_id": self.image_id.data or None,
            "volume_gib": int(self.volume_gib.data) if self.volume_gib.data else None,
            "encrypted": True if self.encrypted.data else None,
        }


def _in_range(size: str) -> bool:
    return len(size) < 7 and _LEAST_GIB <= int(size) <= _MOST_GIB
