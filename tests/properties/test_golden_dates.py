"""Days on which calendars go wrong: years and weeks that do not begin together, months beside weeks, midnight, a server
whose clock shows UTC."""

import datetime as dt
import os
import time

import pytest
import time_machine

from common import clock
from common.periods import DAY, MONTH, WEEK, Period, day_of, month_of, week_of
from ledgers import checking, closing, figures
from ledgers.models import Fact, OwedPeriod, WeeklyLedger
from screening import duty
from tests.properties.town_life import DAY as A_DAY
from tests.properties.town_life import Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def life():
    """life(first, last): two towns in which every grid of the first reports every day, with n findings on day n % 3."""

    def lived(first, last):
        life = Life(first)
        while life.today <= last:
            with life.at(18):
                for n in range(4):
                    life.act("report", n, 0, life.today.toordinal() % 3)
            life.today += A_DAY
            with life.at(1, 30):
                closing.close_owed()
        return life

    return lived


def fact(area, kind, start):
    return Fact.objects.get(area=area, kind=kind, start=start)


def sum_of_days(area, period, name="findings"):
    return sum(Fact.objects.filter(area=area, kind=DAY, start__in=period.days).values_list(name, flat=True))


@pytest.mark.parametrize(
    ("monday", "label"),
    [(dt.date(2024, 12, 30), "2025-W01"), (dt.date(2025, 12, 29), "2026-W01"), (dt.date(2026, 12, 28), "2026-W53")],
)
def test_a_week_over_the_new_year_is_one_week_and_two_months(life, monday, label):
    last = monday + dt.timedelta(days=6)
    town = life(monday.replace(day=20), last).towns[0]
    week, old, new = week_of(last), month_of(monday), month_of(last)

    assert (week.start, week.iso_label, week.last) == (monday, label, last)
    assert {week_of(monday + dt.timedelta(days=n)) for n in range(7)} == {week}
    assert (old.start.month, new.start.month, new.start.year) == (12, 1, monday.year + 1)
    stored = fact(town, WEEK, monday)
    assert stored.expected == sum_of_days(town, week, "expected") == 5 * 7
    assert stored.findings == sum_of_days(town, week)
    assert fact(town, MONTH, old.start).findings == sum_of_days(town, old)
    with clock.standing_at(clock.at(last + A_DAY, 9)):
        read = figures.read([(town, old), (town, new), (town, week)])
        assert read[town.pk, new].findings == sum(
            fact(town, DAY, day).findings for day in new.days if day <= last
        )  # fmt: skip
        assert read[town.pk, old].findings + read[town.pk, new].findings > stored.findings
        assert checking.check().differences == []
    assert WeeklyLedger.objects.filter(week=monday).count() == 4
    assert set(WeeklyLedger.objects.filter(week=monday).values_list("content__week", flat=True)) == {label}


def test_a_month_that_begins_on_a_wednesday_is_counted_from_its_days_alone(life):
    first, last = dt.date(2026, 4, 1), dt.date(2026, 4, 30)
    town = life(dt.date(2026, 3, 30), dt.date(2026, 5, 3)).towns[0]
    april = month_of(first)

    assert (first.weekday(), april.last) == (2, last)
    assert fact(town, MONTH, first).expected == 5 * 30 == sum_of_days(town, april, "expected")
    assert fact(town, MONTH, first).findings == sum_of_days(town, april)
    weeks = [fact(town, WEEK, day) for day in april.days + [dt.date(2026, 3, 30)] if day.weekday() == 0]
    assert sum(week.expected for week in weeks) == 5 * 35 != fact(town, MONTH, first).expected
    with clock.standing_at(clock.at(dt.date(2026, 5, 4), 9)):
        assert checking.check().differences == []


def test_the_leap_day_is_a_day(life):
    town = life(dt.date(2024, 2, 26), dt.date(2024, 3, 3)).towns[0]

    assert fact(town, DAY, dt.date(2024, 2, 29)).expected == 5
    assert month_of(dt.date(2024, 2, 29)).last == dt.date(2024, 2, 29)
    assert fact(town, MONTH, dt.date(2024, 2, 1)).expected == 5 * 4
    assert fact(town, WEEK, dt.date(2024, 2, 26)).expected == 5 * 7


def test_one_second_decides_between_two_days():
    day = dt.date(2026, 11, 18)
    life = Life(day)
    with clock.standing_at(clock.at(day, 23, 59, 59)):
        life.dispute(0, 0, 1)
        late = life.report(0, 0, 1)
    with clock.standing_at(clock.at(day + A_DAY, 0, 0, 0)):
        life.dispute(0, 0, 1)
        assert life.report(1, 0, 0).day == day  # filed after midnight for the day before
    town, (grid, other) = life.towns[0], life.grids()[:2]

    assert late.late
    with clock.standing_at(clock.at(day + A_DAY, 0, 4, 59)):
        assert closing.close_owed() == 0
    with clock.standing_at(clock.at(day + A_DAY, 0, 5, 0)):
        assert closing.close_owed() == 2  # one day of each town
        states = {row["area_id"]: row["state"] for row in duty.states(town, day, day, as_of=clock.now())}
        assert (states[grid.pk], states[other.pk]) == ("late", "late")
        assert fact(town, DAY, day).opened == 1
        assert figures.read([(town, day_of(day + A_DAY))])[town.pk, day_of(day + A_DAY)].opened == 1


@pytest.mark.parametrize(("hour", "second", "late"), [(20, 0, False), (20, 1, True)])
def test_the_cut_off_itself_is_still_on_time(hour, second, late):
    day = dt.date(2026, 11, 18)
    life = Life(day)

    with clock.standing_at(clock.at(day, hour, 0, second)):
        assert life.report(0, 0, 0).late is late


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_a_server_in_another_time_zone_counts_the_days_of_shanghai(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        _a_day_on_such_a_server()
    finally:
        monkeypatch.undo()
        os.environ["TZ"] = "Asia/Shanghai"
        time.tzset()


def _a_day_on_such_a_server():
    """16:00 UTC is midnight in Shanghai; the clock is the machine's own, only moved."""
    day = dt.date(2026, 11, 18)
    life = Life(day)
    with time_machine.travel(dt.datetime(2026, 11, 18, 15, 59, 59, tzinfo=dt.UTC), tick=False):
        assert clock.today() == day
        assert life.report(0, 0, 1).late
        life.dispute(0, 0, 1)
    life.today = day + A_DAY
    with time_machine.travel(dt.datetime(2026, 11, 18, 16, 0, 0, tzinfo=dt.UTC), tick=False):
        assert clock.today() == day + A_DAY
        life.dispute(0, 0, 1)
        assert life.report(1, 0, 0).day == day + A_DAY
    with time_machine.travel(dt.datetime(2026, 11, 18, 16, 5, 0, tzinfo=dt.UTC), tick=False):
        assert closing.close_owed() == 2
        counted = fact(life.towns[0], DAY, day)
        assert (counted.late, counted.missing, counted.opened, counted.open) == (1, 4, 1, 1)
        assert OwedPeriod.objects.get(town=life.towns[0]).start == day
        assert checking.check().differences == []
        assert Period(DAY, day).until == clock.today()
