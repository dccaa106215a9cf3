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
    spans = Placement.objects.filter(below, reports=True)
    return touch_spans(spans, first, until, PLACE)


def touch_spans(placements, first: dt.date, until: dt.date | None, kind: str) -> int:
    """The same for given placements. Days before the town worked with the platform have no figures: left out."""
    stop = clock.today() + dt.timedelta(days=1)
    stop = min(until, stop) if until else stop
    spans = placements.filter(Q(until_day__isnull=True) | Q(until_day__gt=first), from_day__lt=stop)
    spans = list(spans.values_list("town_id", "village_id", "from_day", "until_day"))
    since = dict(TownProfile.objects.filter(town_id__in={span[0] for span in spans}).values_list("pk", "in_use_from"))
    keys = set()
    for town, village, opened, ended in spans:
        if town in since:
            begin, end = max(first, opened, since[town]), min(stop, ended or stop)
            keys |= {(day, village, town) for day in _days(begin, end)}
    TouchedDay.objects.bulk_create(
        TouchedDay(town_id=town, village_id=village, day=day, kind=kind) for day, village, town in sorted(keys)
    )
    return len(keys)


def _days(first, until):
    return (first + dt.timedelta(days=n) for n in range((until - first).days))
