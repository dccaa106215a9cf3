"""What rosters write into cells: sex, years, months, whereabouts, kinds of households, telephones."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common import clock
from common.reading import cells
from households.id_numbers import OLDEST
from households.models import Household

SEXES = {"男": "M", "女": "F", "男性": "M", "女性": "F", "M": "M", "F": "F", "1": "M", "2": "F"}
HERE = dict.fromkeys(["在家", "常住", "在村", "是", "在家居住", "居住", "在户", "未外出", "长期在家", "在家务农"], True)
AWAY = dict.fromkeys(
    ["外出", "不在家", "不在村", "务工", "外出务工", "在外", "长期外出", "外出打工", "不常住", "在外务工", "外出上学"],
    False,
)
LIVES = {"在家": True, "外出": False} | HERE | AWAY | {"否": False}
LEAVES = (
    {"在家": True, "外出": False} | HERE | AWAY | {"是": False, "否": True}
)  # under a head that asks whether somebody went away
KINDS = {"一般户": Household.Kind.ORDINARY, "脱贫户": Household.Kind.LIFTED, "监测户": Household.Kind.MONITORED}
KINDS |= dict.fromkeys(["普通户", "一般农户", "普通农户", "常规户"], Household.Kind.ORDINARY)
KINDS |= dict.fromkeys(["已脱贫户", "建档立卡户", "建档立卡脱贫户", "稳定脱贫户"], Household.Kind.LIFTED)
KINDS |= dict.fromkeys(
    ["脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "监测对象", "监测帮扶户"], Household.Kind.MONITORED
)
PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|\d{7,8}")  # mobile, with area code, within the place
YEAR = re.compile(r"((?:18|19|20|21)\d{2})(?:年)?")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(?:份)?|(\d{4})(\d{2})")


def one_of(words: dict, text: str):
    """The meaning of a word; ValidationError naming some of those that are known."""
    plain = "".join(text.split()).upper()
    if plain not in words:
        told = {"word": text[:20], "known": "、".join(list(words)[:3])}
        raise ValidationError(_("“%(word)s” is not known here. Write for example %(known)s.") % told)
    return words[plain]


def birth_year(text: str) -> int:
    """The year out of a date, a month or a year; nothing else of it is kept."""
    year = YEAR.fullmatch(text)
    day = None if year else _day_or_month(text)
    found = int(year[1]) if year else day.year
    if not OLDEST <= found <= clock.today().year or (day and day > clock.today()):
        raise ValidationError(_("Nobody on the roster was born then. Write the year, like 1968."))
    return found


def month(text: str) -> dt.date:
    """The first day of a month, out of 2026-03, 2026年3月 or a date."""
    found = _day_or_month(text).replace(day=1)
    if not dt.date(1950, 1, 1) <= found <= clock.today():
        raise ValidationError(_("The month lies ahead or too far back."))
    return found


def _day_or_month(text):
    found = MONTH.fullmatch(text)
    if not found:
        return cells.date(text)
    year, number, year_too, number_too = found.groups()
    try:
        return dt.date(int(year or year_too), int(number or number_too), 1)
    except ValueError:
        raise ValidationError(_("“%(cell)s” is no month. Write it like 2026-03.") % {"cell": text[:20]}) from None


def phone(text: str) -> str:
    if not PHONE.fullmatch(text):
        raise ValidationError(_("This is no telephone number: eleven digits of a mobile, or area code and number."))
    return text
