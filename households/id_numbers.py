"""The citizen ID number (GB 11643-1999): whether one can be right, and the sex and year of birth it tells.

Seventeen digits (six of the place, eight of the birth date, three in sequence, odd for men) and a check character."""

import datetime as dt
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import clock
from common.sealed import normal

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SHAPE = re.compile(r"[0-9]{17}[0-9X]")
OLDEST = 1880


@dataclass(frozen=True)
class Told:
    """What a number tells and is kept beside it; the date of birth is not."""

    sex: str  # F or M
    birth_year: int


def check_character(digits: str) -> str:
    """The eighteenth character over the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def read(number: str, today: dt.date | None = None) -> Told:
    """What a number tells. ValidationError, in words that never repeat the number, where it cannot be right."""
    number = normal(number)
    if len(number) == 15 and number.isdigit():
        raise ValidationError(_("Numbers of 15 digits are no longer valid; ask for the one of 18."), "old")
    if not SHAPE.fullmatch(number):
        raise ValidationError(_("An ID number has 17 digits and one more digit or X."), "shape")
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        born = None
    if born is None or not dt.date(OLDEST, 1, 1) <= born <= (today or clock.today()):
        raise ValidationError(_("The birth date in the number (7th to 14th digit) does not exist."), "date")
    if check_character(number[:17]) != number[17]:
        raise ValidationError(_("The last character does not fit the others: a digit is wrong or swapped."), "check")
    return Told("M" if int(number[16]) % 2 else "F", born.year)
