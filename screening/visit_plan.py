"""How often and why a town visits: its rule from a day on, its own words of 六到户八必访, and what is due on a day."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock, periods
from common.fields import on_day
from grids import access, past
from grids.changes import VISIT
from grids.models import Area, TownProfile
from screening.models import VisitRule, VisitWords

DEFAULT = json.loads((Path(__file__).parent / "visit_words/default.json").read_text(encoding="utf-8"))
MOST_WORDS = 20
Every = VisitRule.Every


@dataclass(frozen=True)
class Cut:
    """What decides on a day of some towns: a visit since `this` is done, one since `before` is not overdue, nor is
    a household given to somebody after `before`. `since`: the first day of the plan."""

    this: dt.date
    before: dt.date
    since: dt.date


def rule_on(rules: list[VisitRule], day: dt.date) -> VisitRule | None:
    """The rule in force; a town that has made none visits every week, one that has follows its rows alone."""
    if not rules:
        return VisitRule(every=Every.WEEK, from_day=dt.date.min)
    return next((r for r in rules if r.from_day <= day and (r.until_day is None or day < r.until_day)), None)


def rule_of(town_id: int, day: dt.date) -> VisitRule | None:
    return rule_on(list(VisitRule.objects.filter(town=town_id)), day)


def cut_of(rule: VisitRule | None, day: dt.date) -> Cut | None:
    """The days that decide under a rule; None without a plan."""
    if rule is None or rule.every == Every.NONE:
        return None
    period = periods.week_of(day) if rule.every == Every.WEEK else periods.month_of(day)
    return Cut(period.start, period.shift(-1).start, rule.from_day)


def cuts(towns, day: dt.date) -> dict[Cut, list[int]]:
    """Which towns (ids) stand under which cut on a day; towns without a plan are left out."""
    rules, found = {}, {}
    for rule in VisitRule.objects.filter(town__in=towns).order_by("from_day"):
        rules.setdefault(rule.town_id, []).append(rule)
    for town in towns:
        if cut := cut_of(rule_on(rules.get(town, []), day), day):
            found.setdefault(cut, []).append(town)
    return found


def in_state(state: str, found: dict[Cut, list[int]]) -> Q:
    """Links (with `last_visit`) in a state under the cuts: due (all of the plan), visited, open, overdue."""
    clause = Q(pk__in=[])
    for cut, towns in found.items():
        here = Q(town__in=towns)
        if state == "visited":
            here &= Q(last_visit__gte=cut.this)
        elif state == "open":
            here &= Q(last_visit__lt=cut.this) | Q(last_visit__isnull=True)
        elif state == "overdue":
            here &= Q(last_visit__lt=cut.before) | Q(last_visit__isnull=True)
            here &= Q(from_day__lte=cut.before) if cut.since <= cut.before else Q(pk__in=[])
        clause |= here
    return clause


def words_of(town_id: int) -> VisitWords:
    """The town's own lists, or those the platform comes with."""
    own = VisitWords.objects.filter(town=town_id).first()
    return own or VisitWords(town_id=town_id, brought=DEFAULT["brought"], occasions=DEFAULT["occasions"])


@transaction.atomic
def set_rule(*, town: Area, every: str, by) -> VisitRule:
    """The town visits as often from today on; what was due before stays as it was."""
    access.require(by, "visit.plan", town)
    today = clock.today()
    profile = TownProfile.objects.select_for_update(of=("self",)).get(town=town)
    rules = list(VisitRule.objects.filter(town=town).order_by("from_day"))
    current = rule_on(rules, today)
    if current and current.every == every:
        return current
    if not rules and profile.in_use_from < today:
        VisitRule.objects.create(town=town, every=Every.WEEK, from_day=profile.in_use_from, until_day=today)
    VisitRule.objects.filter(on_day(today), town=town, from_day__lt=today).update(until_day=today)
    VisitRule.objects.filter(town=town, from_day__gte=today).delete()
    made = VisitRule.objects.create(town=town, every=Every(every), from_day=today)
    villages = Area.objects.filter(town=town, village__isnull=False).values_list("town_id", "village_id").distinct()
    past.touch_villages(set(villages), today, None, VISIT)
    audit.record(by, "visit_rule", row=made, area_code=town.code, reason=every)
    return made


@transaction.atomic
def set_words(*, town: Area, brought: list[str], occasions: list[str], by) -> VisitWords:
    """The town's words from now on; visits keep those they were recorded with. ValidationError for a word too long, or
    too many of them."""
    access.require(by, "visit.plan", town)
    for words in (brought, occasions):
        if len(words) > MOST_WORDS or any(len(word) > 40 for word in words):
            raise ValidationError(_("At most 20 lines of at most 40 characters."))
    made, _new = VisitWords.objects.update_or_create(
        town=town, defaults={"brought": list(dict.fromkeys(brought)), "occasions": list(dict.fromkeys(occasions))}
    )
    audit.record(by, "visit_words", row=made, area_code=town.code)
    return made
