"""Counting days, weeks and months: hand-computed, repeatable, equal however they came about."""

import datetime as dt

import pytest

from common import clock
from common.periods import MONTH, WEEK, Period, day_of, month_of, week_of
from grids.models import TouchedDay
from ledgers import closing, counting, figures
from ledgers.models import Fact, OwedPeriod
from screening.reporting import void_report

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU = (dt.date(2026, 3, 2) + dt.timedelta(days=n) for n in range(4))
NEXT_MONDAY = clock.at(dt.date(2026, 3, 9), 1)


def close(moment):
    with clock.standing_at(moment):
        return closing.close_owed()


def fact(area, kind, start):
    return Fact.objects.get(area=area, kind=kind, start=start)


def test_a_day_counts_on_time_late_nil_and_missing(
    working_town, village, worker, other_worker, grid, other_grid, report
):
    report(worker, grid, MON)
    report(worker, grid, TUE, "spot", "spot", hour=21)

    close(clock.at(WED, 1))

    monday, tuesday = fact(working_town, "D", MON), fact(working_town, "D", TUE)
    assert (monday.expected, monday.on_time, monday.late, monday.nil, monday.missing) == (2, 1, 0, 1, 1)
    assert (tuesday.expected, tuesday.on_time, tuesday.late, tuesday.nil, tuesday.missing) == (2, 0, 1, 0, 1)
    assert tuesday.findings == 2
    assert tuesday.by_field == [0, 0, 2, 0, 0, 0, 0]
    assert fact(village, "D", TUE).missing == 0


def test_a_vacant_grid_is_excused_and_not_missing(working_town, worker, grid, other_grid, other_village, report):
    report(worker, grid, MON)

    close(clock.at(TUE, 1))

    vacant = fact(other_village, "D", MON)
    assert (vacant.expected, vacant.excused, vacant.missing) == (1, 1, 0)


def test_the_week_is_the_sum_of_its_days_and_the_county_of_its_towns(
    working_town, county, village, worker, other_worker, grid, report
):
    for n in range(7):
        report(worker, grid, MON + dt.timedelta(days=n), *["spot"] * (n % 3))

    assert close(NEXT_MONDAY) == 7 + 1 + 1

    week = fact(county, WEEK, MON)
    assert (week.expected, week.on_time, week.nil, week.missing) == (14, 7, 3, 7)
    assert week.findings == sum(day.findings for day in Fact.objects.filter(area=county, kind="D"))
    assert fact(grid, WEEK, MON).findings == fact(village, WEEK, MON).findings == 6


def test_closing_again_owes_and_changes_nothing(working_town, worker, grid, report):
    report(worker, grid, MON)
    close(NEXT_MONDAY)
    before = list(Fact.objects.order_by("pk").values())

    assert close(NEXT_MONDAY) == 0
    assert list(Fact.objects.order_by("pk").values()) == before


def test_ten_days_off_are_made_up_in_order_each_with_its_own_date(working_town):
    assert close(clock.at(TUE, 1)) == 1
    close(clock.at(dt.date(2026, 4, 2), 2))

    done = OwedPeriod.objects.filter(done_at__isnull=False)
    assert done.filter(kind="D").count() == 31
    assert list(done.filter(kind="M").values_list("start", flat=True)) == [dt.date(2026, 3, 1)]
    assert done.filter(kind="W").count() == done.filter(kind="L").count() == 4
    assert set(done.values_list("attempts", flat=True)) == {1}


def test_a_late_report_is_seen_at_once_and_stored_when_the_worker_comes_back(
    working_town, village, worker, other_worker, grid, report
):
    close(NEXT_MONDAY)
    report(worker, grid, WED, "spot", on=dt.date(2026, 3, 9), hour=9)

    with clock.standing_at(clock.at(dt.date(2026, 3, 9), 10)):
        seen = figures.read([(working_town, Period(WEEK, MON)), (village, day_of(WED)), (grid, Period(WEEK, MON))])
        assert fact(working_town, WEEK, MON).late == 0
        assert seen[working_town.pk, Period(WEEK, MON)].late == 1
        assert seen[village.pk, day_of(WED)].findings == 1
        assert seen[grid.pk, Period(WEEK, MON)].late == 1

        assert counting.drain() == 1

    assert fact(working_town, WEEK, MON).late == fact(grid, WEEK, MON).late == 1
    assert not TouchedDay.objects.exists()


def test_today_is_counted_live_and_pending_until_the_cut_off(working_town, worker, other_worker, grid, report):
    report(worker, grid, MON, "spot", hour=8)

    for hour, pending, missing in [(10, 1, 0), (20, 0, 1)]:
        with clock.standing_at(clock.at(MON, hour)):
            found = figures.read([(working_town, week_of(MON))])[working_town.pk, week_of(MON)]
        assert (found.expected, found.on_time, found.pending, found.missing) == (2, 1, pending, missing)


def test_a_reopened_dispute_leaves_the_past_week_as_it_was(working_town, village, grid, dispute, someone):
    from disputes import workflow
    from grids.roles import Role

    first = dispute(grid, MON)
    desk, director = someone(Role.VILLAGE_DESK, village), someone(Role.VILLAGE_DIRECTOR, village)
    with clock.standing_at(clock.at(TUE, 9)):
        workflow.take("settle", dispute=first, by=desk, note="双方和解")
    close(NEXT_MONDAY)
    with clock.standing_at(clock.at(dt.date(2026, 3, 10), 9)):
        workflow.take("reopen", dispute=first, by=director, note="又起争执")
    close(clock.at(dt.date(2026, 3, 16), 1))

    week, then = fact(village, WEEK, MON), fact(village, WEEK, dt.date(2026, 3, 9))
    assert (week.opened, week.settled, week.open) == (1, 1, 0)
    assert (then.opened, then.reopened, then.open) == (0, 1, 1)


def test_a_voided_report_is_missing_again(working_town, village, worker, grid, report, someone):
    from grids.roles import Role

    filed = report(worker, grid, MON, "spot")
    with clock.standing_at(clock.at(MON, 19)):
        void_report(by=someone(Role.VILLAGE_DESK, village), report=filed, reason="填错了网格")
    close(clock.at(TUE, 1))

    monday = fact(village, "D", MON)
    assert (monday.on_time, monday.missing, monday.findings) == (0, 1, 0)


def test_incremental_figures_equal_a_rebuild(working_town, village, worker, other_worker, grid, other_grid, report):
    for n in range(40):
        day = MON + dt.timedelta(days=n)
        report(worker, grid, day, *["spot"] * (n % 2))
        if n % 5 == 0:
            close(clock.at(day + dt.timedelta(days=1), 2))
        if n % 7 == 3:
            report(other_worker, other_grid, day - dt.timedelta(days=3), "spot", on=day)
    close(clock.at(MON + dt.timedelta(days=41), 2))
    counting.drain()
    keys = ["area_id", "kind", "start"]
    before = list(Fact.objects.order_by(*keys).values(*keys, *counting.COLUMNS))

    counting.rebuild([working_town], first=MON - dt.timedelta(days=7), last=dt.date(2026, 12, 31))

    assert list(Fact.objects.order_by(*keys).values(*keys, *counting.COLUMNS)) == before
    assert fact(working_town, MONTH, dt.date(2026, 3, 1)).expected == 60
    assert month_of(MON).start == dt.date(2026, 3, 1)
