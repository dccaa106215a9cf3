"""Which household was due, visited, overdue from when until when, one household after the other, from the words
of the rule: visited since the week (month) began; overdue when the one before passed without a visit, too."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict

from common import periods
from households.models import HouseholdLink
from screening.models import Visit, VisitRule

KINDS = {"week": periods.WEEK, "month": periods.MONTH}


def spans(window):
    """Yields (figure, (village, town, grid), first day, first day after or None) up to the end of the window."""
    rules, paid, last = _rules(window), _paid(), window.hi
    links = HouseholdLink.objects.of_members().filter(town__in=window.towns, from_day__lte=last)
    names = ("household_id", "village_id", "town_id", "grid_id", "from_day", "until_day")
    for home, village, town, grid, begin, end in links.values_list(*names).iterator():
        for every, since, until in rules[town]:
            first = max(begin, since)
            ended = min(filter(None, (end, until)), default=None)
            if first > last or (ended and ended <= first):
                continue
            yield "to_visit", (village, town, grid), first, ended
            for name, since_day, until_day in _of_task(KINDS[every], first, ended, paid[home], last):
                yield name, (village, town, grid), since_day, until_day


def _of_task(kind, first, ended, visits, last):
    """(figure, from, until) of one household under one rule: asked on every day on which the answer may change."""
    stop = min(ended or last + dt.timedelta(days=1), last + dt.timedelta(days=1))
    days = {first, *(day for day in visits if first <= day < stop)}
    period = periods.period_of(kind, first).shift(1)
    while period.start < stop:
        days.add(period.start)
        period = period.shift(1)
    state, since = None, None
    for day in sorted(days):
        now = _state(kind, first, visits, day)
        if now != state:
            if state:
                yield state, since, day
            state, since = now, day
    if state:
        yield state, since, ended


def _state(kind, first, visits, day):
    """ "visited", "overdue" or None at the end of a day."""
    period = periods.period_of(kind, day)
    number = bisect_right(visits, day)
    latest = visits[number - 1] if number else dt.date.min
    if latest >= period.start:
        return "visited"
    before = period.shift(-1).start
    return "overdue" if latest < before and first <= before else None


def _rules(window):
    """Town id -> (every, from, until) of its rules with a plan; one that made none visits every week."""
    found, made = defaultdict(list), set()
    for rule in VisitRule.objects.filter(town__in=window.towns):
        made.add(rule.town_id)
        if rule.every in KINDS:
            found[rule.town_id].append((rule.every, rule.from_day, rule.until_day))
    for town in set(window.towns) - made:
        found[town] = [("week", dt.date.min, None)]
    return found


def _paid():
    """Household id -> days of its standing visits, in order."""
    found = defaultdict(list)
    rows = Visit.objects.filter(household__isnull=False, withdrawn_at=None).order_by("day")
    for home, day in rows.values_list("household_id", "day").iterator():
        found[home].append(day)
    return found
