"""Stored facts against the recount: of every level and kind, every figure, also facts that are not there or twice."""

from casework.codes import CATEGORIES, FIELDS
from common.periods import MONTH, WEEK, Period, period_of
from ledgers.checking.differences import Difference
from ledgers.models import COUNTS, STOCKS, Fact

ARRAYS = {"by_field": FIELDS, "by_category": CATEGORIES}


def check(window, tally, checked):
    """Yields the differences of all facts that must be there for the counted periods of the window."""
    due = _must_be_there(window)
    seen = set()
    facts = Fact.objects.filter(start__range=(window.lo, window.hi), area__in=_areas(window)).order_by("pk")
    for fact in facts.iterator(chunk_size=5000):
        period = Period(fact.kind, fact.start)
        code = window.codes[fact.area_id]
        if period_of(fact.kind, fact.start) != period:
            yield Difference(
                code, str(fact.start), "begin of the period", fact.start, period_of(fact.kind, fact.start).start
            )
            continue
        key = (fact.area_id, period)
        if key in seen:
            yield Difference(code, period.iso_label, "facts", "more than one", 1)
        seen.add(key)
        if key in due:
            checked.facts += 1
            yield from _compare(window, tally, checked, due[key], key, _figures(fact))
    for key in sorted(due.keys() - seen):
        yield from _compare(window, tally, checked, due[key], key, None)


def _areas(window):
    towns = window.towns.values()
    return {a for town in towns for a in (town.pk, town.county, *town.villages, *town.grids) if a}


def _must_be_there(window):
    """(area, period) of all counted periods -> the villages whose touched days make the fact wait."""
    due = {}
    for period in window.periods():
        counties = {}
        for town in window.towns.values():
            counties.setdefault(town.county, []).append(town)
            if (town.pk, period.kind, period.start) not in window.done:
                continue
            due[town.pk, period] = town.villages
            due |= {(village, period): {village} for village in town.villages}
            if period.kind in (WEEK, MONTH):
                due |= {(grid, period): window.villages_of[grid] for grid in town.grids}
        due |= {
            (county, period): set().union(*(town.villages for town in towns))
            for county, towns in counties.items()
            if county and _counted_everywhere(window, towns, period)
        }
    return due


def _counted_everywhere(window, towns, period):
    """Some town has counted the period, and none that owes it has not."""
    keys = [(town.pk, period.kind, period.start) for town in towns if town.since <= period.last]
    return bool(keys) and all(key in window.done for key in keys)


def _compare(window, tally, checked, villages, key, figures):
    area, period = key
    if window.waits(villages, period):
        checked.waiting += 1
        return
    is_county = any(town.county == area for town in window.towns.values())
    recounted = tally.of_county(area, period) if is_county else tally.of(area, period)
    for name in sorted(recounted.keys() | (figures or {}).keys()):
        value = None if figures is None else figures.get(name, 0)
        if (value or 0) != recounted[name]:
            yield Difference(window.codes[area], period.iso_label, name, value, recounted[name])


def _figures(fact):
    found = {name: getattr(fact, name) for name in [*COUNTS, *STOCKS]}
    for name, codes in ARRAYS.items():
        values = getattr(fact, name) or [0] * len(codes)
        found |= {f"{name}.{code}": value for code, value in zip(codes, values, strict=True)}
    return found
