"""Reading many figures at once: few queries, whatever their number; long spans from counted months."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from common.periods import MONTH, WEEK, Period, between, week_of
from ledgers import closing, figures

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 5, 20)


@pytest.fixture
def spring(working_town, worker, other_worker, grid, other_grid, report, dispute):
    """Reports and disputes from 2 March to 20 May, everything owed counted but the last days."""
    for n in range(0, 79, 3):
        day = FIRST + dt.timedelta(days=n)
        report(worker, grid, day, *["spot"] * (n % 4))
        if n % 9 == 0:
            dispute(other_grid, day)
    with clock.standing_at(clock.at(dt.date(2026, 5, 18), 2)):
        closing.close_owed()
    return working_town


def queries(wants):
    with (
        clock.standing_at(clock.at(TODAY, 10)),
        CaptureQueriesContext(
            connection,
        ) as seen,
    ):
        figures.read(wants)
    return len(seen)


def test_a_year_is_the_sum_of_its_months_and_stands_where_the_last_day_stands(
    spring, village, other_village, other_grid
):
    with clock.standing_at(clock.at(TODAY, 10)):
        months = between(MONTH, dt.date(2026, 1, 1), TODAY)
        areas = [spring, village, other_village, other_grid]
        year = figures.year_to(TODAY)
        found = figures.read([(area, period) for area in areas for period in [year, week_of(TODAY), *months]])

    for area in areas:
        for name in ["expected", "on_time", "missing", "findings", "opened"]:
            whole = getattr(found[area.pk, year], name)
            assert whole == sum(getattr(found[area.pk, month], name) for month in months), (area, name)
        assert found[area.pk, year].open == found[area.pk, week_of(TODAY)].open
    assert found[spring.pk, year].opened == found[other_grid.pk, year].opened == 9
    assert found[spring.pk, year].expected == 2 * 80


def test_a_day_nobody_worked_with_the_platform_is_not_counted(spring):
    before = Period(WEEK, dt.date(2026, 2, 16))

    assert figures.read([(spring, before)])[spring.pk, before].expected == 0


def test_eight_queries_are_enough_for_everything_a_dashboard_asks(spring, village, other_village, grid, other_grid):
    week = week_of(TODAY)
    told = [week.shift(-n) for n in range(12)] + [figures.year_to(TODAY), Period(MONTH, TODAY.replace(day=1))]

    assert queries([(area, period) for area in [spring, village, other_village] for period in told]) <= 7
    assert queries([(area, period) for area in [village, grid] for period in told]) <= 8
    assert queries([(grid, period) for period in told]) <= 7
    assert queries([(spring, week)]) == queries([(area, week) for area in [spring, village, other_village]])
