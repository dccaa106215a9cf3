"""Touching the days that an act dated back changes: an area opened last week, a leave entered afterwards."""

import datetime as dt

from django.db.models import Q

from common import clock
from common.fields import subtree
from grids.changes import PLACE
from grids.models import Placement, TouchedDay, TownProfile


def touch_reporting(areas, first: dt.date, until: dt.date | None = None) -> int:
    """Touches each day first <= day < until, today included and no later, on which one of these areas, or one below
    them, was expected to report. Returns the number of rows written (one per village and day)."""
    below = Q(pk__in=[])
    for area in areas:
        below |= subtree(area.path, "area__path")
    stop = _stop(until)
    spans = Placement.objects.filter(below, reports=True, from_day__lt=stop)
    spans = spans.filter(Q(until_day__isnull=True) | Q(until_day__gt=first))
    keys = set()
    for town, village, opened, ended in spans.values_list("town_id", "village_id", "from_day", "until_day"):
        keys |= {(day, village, town) for day in _days(max(first, opened), min(stop, ended or stop))}
    return _write(keys, PLACE)


def touch_villages(villages, first: dt.date, until: dt.date | None, kind: str) -> int:
    """The same for all that counts in some villages, (town id, village id) each, also after they ended."""
    return _write({(day, village, town) for town, village in villages for day in _days(first, _stop(until))}, kind)


def _stop(until):
    """The first day that is not touched any more."""
    tomorrow = clock.today() + dt.timedelta(days=1)
    return min(until, tomorrow) if until else tomorrow


def _write(keys, kind):
    """Days before the town worked with the platform have no figures: left out."""
    since = dict(TownProfile.objects.filter(town__in={key[2] for key in keys}).values_list("pk", "in_use_from"))
    keys = sorted(key for key in keys if key[2] in since and since[key[2]] <= key[0])
    TouchedDay.objects.bulk_create(
        TouchedDay(town_id=town, village_id=village, day=day, kind=kind) for day, village, town in keys
    )
    return len(keys)


def _days(first, until):
    return (first + dt.timedelta(days=n) for n in range((until - first).days))
