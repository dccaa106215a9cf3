"""Changing a town's rule of duty from a day on: what was expected of the days before stays."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from common.fields import on_day
from grids import access
from grids.models import Area, TownProfile
from screening.models import DutyRule

LATEST = dt.timedelta(days=366)


def earliest(town: Area) -> dt.date:
    """The first day for which a rule can be changed: tomorrow, because reports of today are due by the rule of today;
    today where the town has not begun."""
    today = clock.today()
    begins = TownProfile.objects.values_list("in_use_from", flat=True).get(town=town)
    return today if begins > today else today + dt.timedelta(days=1)


@transaction.atomic
def change(*, town: Area, cut_off: dt.time, every_day: bool, from_day: dt.date, by) -> DutyRule:
    """The rule from a day on, in place of any that was planned from that day or later. ValidationError for a day that
    has begun or lies more than a year ahead, and where nothing changes."""
    _lock(town, by)
    first = earliest(town)
    if not first <= from_day <= first + LATEST:
        raise ValidationError(_("Choose a day from %(day)s on, within a year."), "day", {"day": first.isoformat()})
    rules = DutyRule.objects.filter(town=town)
    planned = rules.filter(from_day__gte=from_day)
    before = rules.filter(from_day__lt=from_day).order_by("-from_day").first() or DutyRule()
    if not planned and (before.cut_off, before.every_day) == (cut_off, every_day):
        raise ValidationError(_("This is the rule already."), "same")
    planned.delete()
    rules.filter(on_day(from_day)).update(until_day=from_day)
    rule = DutyRule.objects.create(town=town, cut_off=cut_off, every_day=every_day, from_day=from_day)
    audit.record(by, "duty_rule_change", row=rule, area_code=town.code)
    return rule


@transaction.atomic
def withdraw(*, town: Area, by) -> None:
    """Takes back what is planned: the rule of today goes on. ValidationError where nothing is planned."""
    _lock(town, by)
    rules = DutyRule.objects.filter(town=town)
    now = rules.filter(on_day(clock.today())).first()
    planned = rules.filter(from_day__gt=clock.today())
    if now is None or not planned:
        raise ValidationError(_("No other rule is planned."), "none")
    planned.delete()
    now.until_day = None
    now.save(update_fields=["until_day"])
    audit.record(by, "duty_rule_withdraw", row=now, area_code=town.code)


def _lock(town, by):
    Area.objects.select_for_update(no_key=True).get(pk=town.pk)
    access.require(by, "area.change", town)
