"""Whatever happens in a town, its figures agree: with each other, with the rows, with a rebuild, before and after the
worker has been by."""

from collections import Counter

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import example, given

from common import clock
from common.periods import MONTH, WEEK, Period, day_of, month_of, week_of
from grids.models import Area, TouchedDay
from ledgers import checking, closing, counting, figures
from ledgers.models import COUNTS, DUTY, STOCKS, Fact, OwedPeriod, WeeklyLedger
from screening import duty
from tests.properties.conftest import LONG, tried
from tests.properties.strategies import ACTS, everything_happens, histories
from tests.properties.town_life import Life

pytestmark = pytest.mark.django_db
KEY = ["area_id", "kind", "start"]
DAYS = 40 if LONG else 16


def lived(history) -> Life:
    start, later, days = history
    life = Life(start, later)
    for day in days:
        life.live(day)
    return life


def facts():
    rows = Fact.objects.order_by(*KEY).values(*KEY, *counting.COLUMNS)
    return {tuple(row.pop(name) for name in KEY): row for row in rows}


def everything(life):
    """All areas that have figures, in all periods of the history."""
    areas = [life.county, *life.towns, *Area.objects.filter(kind__in=["village", "dedicated", "grid"])]
    last = life.today
    wanted = [Period(WEEK, week_of(last).shift(-1).start), month_of(last), month_of(last).shift(-1), week_of(last),
              day_of(last), day_of(last).shift(-2)]  # fmt: skip
    return [(area, period) for area in areas for period in wanted]


def read(life):
    found = figures.read(everything(life))
    return {key: one.counts | {"fields": one.by_field, "categories": one.by_category} for key, one in found.items()}


def differing(before, after):
    """{key: {figure: (before, after)}} of everything that is not the same."""
    found = {}
    for key in before.keys() | after.keys():
        was, now = before.get(key) or {}, after.get(key) or {}
        if changed := {name: (was.get(name), now.get(name)) for name in was | now if was.get(name) != now.get(name)}:
            found[key] = changed
    return found


HAPPENED = Counter()


@tried(2)
@example(everything_happens())
@given(histories(DAYS))
def test_figures_agree_whatever_happens(history):
    with transaction.atomic():
        life = lived(history)
        HAPPENED.update(life.done)
        figures_are_the_same_before_and_after_the_worker(life)
        life.come_to_rest()
        with life.at(10):
            the_check_finds_nothing()
            every_period_is_counted_once(life)
            levels_and_periods_add_up(life)
            lists_are_as_long_as_the_numbers_say(life)
            counting_again_and_rebuilding_change_nothing(life)
            ledgers_carry_over_and_are_chained()
        transaction.set_rollback(True)


def test_the_histories_were_full_of_acts():
    """Whoever refuses them all finds no fault: every kind of act really took place."""
    assert not HAPPENED or set(ACTS) <= set(HAPPENED)


def figures_are_the_same_before_and_after_the_worker(life):
    with life.at(12):
        before = read(life)
        counting.drain()
        assert differing(before, read(life)) == {}
        closing.close_owed()
        assert differing(before, read(life)) == {}


def the_check_finds_nothing():
    found = checking.check()
    assert not found.differences, "\n".join(map(str, found.differences))
    assert not TouchedDay.objects.exists()
    assert found.waiting == 0


def every_period_is_counted_once(life):
    rows = OwedPeriod.objects.all()
    assert all(row.done_at and row.attempts == 1 and not row.error for row in rows)


def levels_and_periods_add_up(life):
    """R1, R4, R5 said with the stored rows alone."""
    stored = facts()
    for row in stored.values():
        assert row["expected"] == row["on_time"] + row["late"] + row["missing"] + row["excused"] + row["pending"]
        assert 0 <= row["nil"] <= row["on_time"] + row["late"] <= row["expected"]
        assert sum(row["by_field"] or [0]) == sum(row["by_category"] or [0]) == row["findings"]
    for town in life.towns:
        units = Fact.objects.filter(area__village_id__isnull=False, area__town=town, kind="D")
        units = units.filter(area__village=F("area_id"))
        for start in {start for area, kind, start in stored if area == town.pk and kind == "D"}:
            sums = units.filter(start=start).aggregate(**{name: Sum(name) for name in [*COUNTS, *STOCKS]})
            assert sums == {name: stored[town.pk, "D", start][name] for name in sums}
    for (area, kind, start), row in stored.items():
        if kind in (WEEK, MONTH) and (area, "D", Period(kind, start).last) in stored:
            days = [stored.get((area, "D", day)) for day in Period(kind, start).days]
            assert {name: sum(day[name] for day in days if day) for name in COUNTS} == {n: row[n] for n in COUNTS}
            assert {name: days[-1][name] for name in STOCKS} == {name: row[name] for name in STOCKS}
    grids_of = {}
    for grid, village in Area.objects.filter(kind="grid").values_list("pk", "village_id"):
        grids_of.setdefault(village, []).append(grid)
    for village, grids in grids_of.items():
        for start in {start for area, kind, start in stored if area == village and kind == WEEK}:
            rows = [stored[grid, WEEK, start] for grid in grids if (grid, WEEK, start) in stored]
            for name in [*DUTY, "findings", "households", "linked"]:
                assert sum(row[name] for row in rows) == stored[village, WEEK, start][name]


def lists_are_as_long_as_the_numbers_say(life):
    """R5: the list behind a number is as long as the number says."""
    for area in [*life.towns, *Area.objects.filter(kind="village")]:
        period = month_of(life.today).shift(-1)
        rows = duty.states(area, period.start, period.last, as_of=clock.now())
        month = figures.read([(area, period)])[area.pk, period]
        assert len(rows) == month.expected
        for state in duty.STATES:
            assert sum(row["state"] == state for row in rows) == month.counts[state]
        assert sum(row["nil"] for row in rows) == month.nil


def counting_again_and_rebuilding_change_nothing(life):
    before = facts()
    periods_done = {Period(row.kind, row.start) for row in OwedPeriod.objects.exclude(kind="L")}
    for town in life.towns:
        own = OwedPeriod.objects.filter(town=town).exclude(kind="L").values_list("kind", "start")
        with counting.alone([town]):
            counting.recount_periods([town], [Period(*key) for key in own])
    assert differing(before, facts()) == {}
    counting.rebuild(life.towns, first=min(p.start for p in periods_done), last=life.today)
    assert differing(before, facts()) == {}
    assert closing.close_owed() == 0
    assert differing(before, facts()) == {}


def ledgers_carry_over_and_are_chained():
    for row in WeeklyLedger.objects.select_related("opened_from"):
        plus = row.opening + row.new + row.reopened + row.moved_in + row.corrections
        minus = row.settled + row.unsettled + row.transferred + row.duplicates + row.moved_out
        assert row.closing == plus - minus
        if row.opened_from:
            assert row.opening == row.opened_from.closing
