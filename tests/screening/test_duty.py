"""Which reports are expected, and what became of each; every calendar here was worked out by hand."""

import datetime as dt
from collections import Counter

import pytest

from common import clock
from grids import places, schemes
from grids.models import Leave, Placement, Post, TownProfile
from grids.roles import Role
from screening import duty
from screening.models import DailyReport, DutyRule
from tests.screening.conftest import MONDAY
from workdays.models import CalendarDay

SUNDAY = dt.date(2026, 11, 22)
AFTERWARDS = clock.at(dt.date(2026, 12, 1))


def day(number):
    """A day of the week of 16 November 2026: 1 is its Monday."""
    return MONDAY + dt.timedelta(days=number - 1)


@pytest.fixture
def reported(db):
    """reported(area, day, hour=18): a standing report received at that hour, limit 20:00."""

    def make(area, on, hour=18, minute=0, nil=True, by=None):
        received, limit = clock.at(on, hour, minute), clock.at(on, 20)
        return DailyReport.objects.create(
            area=area, area_path=area.path, day=on, town=area.town, village=area.village, received_at=received,
            worker=by or Post.objects.filter(area=area).first().user, due_by=limit, late=received > limit, nil=nil,
        )  # fmt: skip

    return make


def week(area, as_of=AFTERWARDS, first=MONDAY, last=SUNDAY):
    return Counter(row["state"] for row in duty.states(area, first, last, as_of=as_of))


def by_day(area, **options):
    rows = duty.states(area, MONDAY, SUNDAY, as_of=AFTERWARDS, **options)
    return {row["day"].isoweekday(): row for row in rows}


def test_a_week_of_one_grid_on_time_late_and_missing(grid, worker, reported):
    reported(grid, day(1))
    reported(grid, day(2), hour=20, minute=0)  # the limit itself is on time
    reported(grid, day(3), hour=20, minute=1)

    assert week(grid) == {"on_time": 2, "late": 1, "missing": 4}


def test_without_a_rule_of_the_town_every_day_until_eight_in_the_evening_is_a_duty_day(town):
    days = duty.duty_days([town], MONDAY, SUNDAY)

    assert [found.day for found in days] == [day(n) for n in range(1, 8)]
    assert days[0].due_by == clock.at(MONDAY, 20)


def test_a_vacant_post_excuses_and_says_so(grid, someone):
    someone(Role.GRID_WORKER, grid, until_day=day(3))  # Monday and Tuesday only

    rows = by_day(grid)

    assert week(grid) == {"missing": 2, "excused": 5}
    assert rows[2]["excuse"] is None
    assert rows[3]["excuse"] == ""
    assert rows[3]["worker"] is None


def test_leave_without_a_stand_in_excuses_with_its_reason(grid, worker):
    Leave.objects.create(post=worker.posts.get(), reason="培训", from_day=day(2), until_day=day(4))

    rows = by_day(grid)

    assert week(grid) == {"missing": 5, "excused": 2}
    assert rows[2]["excuse"] == "培训"
    assert rows[2]["worker"] == worker.name
    assert rows[4]["state"] == "missing"


def test_leave_with_a_stand_in_leaves_the_report_due_from_the_stand_in(grid, worker, someone):
    stand_in = someone()
    Leave.objects.create(post=worker.posts.get(), reason="病假", stand_in=stand_in, from_day=day(2), until_day=day(4))

    rows = by_day(grid)

    assert week(grid) == {"missing": 7}
    assert rows[2]["worker_id"] == stand_in.pk
    assert rows[2]["excuse"] is None
    assert rows[4]["worker_id"] == worker.pk


def test_one_worker_on_leave_does_not_excuse_a_grid_with_a_second_one(grid, worker, someone):
    second = someone(Role.GRID_WORKER, grid, full_time=False)
    Leave.objects.create(post=worker.posts.get(), reason="病假", from_day=day(2), until_day=day(4))

    rows = by_day(grid)

    assert week(grid) == {"missing": 7}
    assert rows[1]["worker_id"] == worker.pk
    assert rows[2]["worker_id"] == second.pk


def test_a_report_filed_in_spite_of_leave_is_a_report(grid, worker, reported):
    Leave.objects.create(post=worker.posts.get(), reason="病假", from_day=day(2), until_day=day(4))
    reported(grid, day(2))

    assert week(grid) == {"missing": 5, "excused": 1, "on_time": 1}


def test_a_worker_moved_on_wednesday_counts_in_the_old_grid_until_tuesday(grid, other_grid, someone):
    mover = someone(Role.GRID_WORKER, grid, until_day=day(3))
    Post.objects.create(user=mover, area=other_grid, role=Role.GRID_WORKER, from_day=day(3))

    assert week(grid) == {"missing": 2, "excused": 5}
    assert week(other_grid) == {"excused": 2, "missing": 5}


@pytest.fixture
def opened(db):
    """opened(village, "140429104201002", on): a grid opened on that day, with a worker of its own."""

    def make(parent, code, on, someone):
        area = places.open_area(parent=parent, kind="grid", code=code, name="新网格", on=on, by=None)
        someone(Role.GRID_WORKER, area, from_day=on)
        return area

    return make


def test_an_area_opened_on_wednesday_and_ended_on_saturday_owes_three_reports(opened, village, someone):
    late_comer = opened(village, "140429104201009", day(3), someone)
    places.end_area(area=late_comer, on=day(6), by=None)

    rows = duty.states(village, MONDAY, SUNDAY, as_of=AFTERWARDS)

    assert [row["day"].isoweekday() for row in rows] == [5, 4, 3]


def test_a_grid_split_in_the_middle_owes_one_report_before_and_two_after(opened, village, grid, worker, someone):
    opened(village, "140429104201002", day(4), someone)

    rows = Counter(row["day"].isoweekday() for row in duty.states(village, MONDAY, SUNDAY, as_of=AFTERWARDS))

    assert rows == {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 2}


def test_a_grid_moved_to_another_village_counts_there_from_that_day(grid, worker, village, other_village):
    grid.placements.update(until_day=day(5))
    Placement.objects.create(
        area=grid, grid=grid, village=other_village, town=grid.town, county=grid.county, reports=True, from_day=day(5)
    )

    assert week(village) == {"missing": 4}
    assert week(other_village) == {"missing": 3}
    assert week(grid) == {"missing": 7}


@pytest.fixture
def working_days_only(town):
    """The town reports on working days only; National Day 2026 as the State Council set it."""
    DutyRule.objects.create(town=town, every_day=False, cut_off=dt.time(18), from_day=dt.date(2026, 1, 1))
    CalendarDay.objects.all().delete()
    for number in range(1, 8):
        CalendarDay.objects.create(day=dt.date(2026, 10, number), is_workday=False, name="国庆节")
    for swapped in [dt.date(2026, 9, 20), dt.date(2026, 10, 10)]:  # a Sunday and a Saturday that are worked
        CalendarDay.objects.create(day=swapped, is_workday=True, name="国庆节")


def test_with_the_working_day_rule_holidays_owe_nothing_and_a_swapped_saturday_does(grid, worker, working_days_only):
    first, last = dt.date(2026, 9, 19), dt.date(2026, 10, 12)

    days = sorted(row["day"] for row in duty.states(grid, first, last, as_of=AFTERWARDS))

    assert days == [
        dt.date(2026, 9, 20), *(dt.date(2026, 9, n) for n in [21, 22, 23, 24, 25]),
        *(dt.date(2026, 9, n) for n in [28, 29, 30]),
        *(dt.date(2026, 10, n) for n in [8, 9, 10, 12]),
    ]  # fmt: skip


def test_a_rule_holds_from_its_day_until_its_day(town, grid, worker):
    DutyRule.objects.create(town=town, every_day=False, from_day=dt.date(2026, 11, 1), until_day=day(7))
    DutyRule.objects.create(town=town, every_day=True, cut_off=dt.time(17, 30), from_day=day(7))

    days = {found.day.isoweekday(): found.due_by for found in duty.duty_days([town], MONDAY, SUNDAY)}

    assert sorted(days) == [1, 2, 3, 4, 5, 7]
    assert days[5] == clock.at(day(5), 20)
    assert days[7] == clock.at(day(7), 17, 30)


def test_before_the_cut_off_the_unfiled_is_pending_and_at_it_missing(grid, worker):
    assert week(grid, as_of=clock.at(MONDAY, 19, 59, 59)) == {"pending": 1}
    assert week(grid, as_of=clock.at(MONDAY, 20)) == {"missing": 1}


def test_days_to_come_are_not_expected_yet(grid, worker):
    assert week(grid, as_of=clock.at(day(3), 9)) == {"missing": 2, "pending": 1}


def test_the_day_of_a_moment_given_in_utc_is_the_day_in_shanghai(grid, worker):
    half_past_midnight_on_tuesday = dt.datetime(2026, 11, 16, 16, 30, tzinfo=dt.UTC)

    assert week(grid, as_of=half_past_midnight_on_tuesday) == {"missing": 1, "pending": 1}


def test_a_vacant_grid_is_excused_before_the_cut_off_too(grid):
    assert week(grid, as_of=clock.at(MONDAY, 9)) == {"excused": 1}


def test_a_dedicated_grid_owes_its_own_report_and_counts_in_the_town(town, village, grid, worker, someone):
    market = places.open_area(
        parent=town, kind="dedicated", code="140429104201901", name="故城农贸市场", anchor=village, by=None,
        on=dt.date(2020, 1, 1),
    )  # fmt: skip
    someone(Role.GRID_WORKER, market)

    assert week(market) == {"missing": 7}
    assert week(town) == {"missing": 14}
    assert {row["village_name"] for row in duty.states(market, MONDAY, SUNDAY, as_of=AFTERWARDS)} == {"故城农贸市场"}


def test_villages_add_up_to_the_town_and_towns_to_the_county(
    county, town, village, other_village, other_town, grid, other_grid, worker, open_area
):
    far_village = open_area("village", other_town, "140429105201", "远村")
    open_area("grid", far_village, "140429105201001", "远村第一网格")

    assert week(village) + week(other_village) == week(town) == {"missing": 7, "excused": 7}
    assert week(town) + week(other_town) == week(county) == {"missing": 7, "excused": 14}


def test_a_town_of_villager_groups_reports_by_group(open_area, other_town, someone):
    TownProfile.objects.filter(town=other_town).update(scheme=schemes.preset("group"))
    far_village = open_area("village", other_town, "140429105201", "远村")
    group = open_area("group", far_village, "140429105201001", "第一村民小组")
    someone(Role.GRID_WORKER, group)

    assert week(far_village) == week(group) == {"missing": 7}


def test_a_voided_report_leaves_the_day_missing(grid, worker, reported):
    report = reported(grid, day(1))
    report.voided_at, report.void_reason, report.voided_by = clock.at(day(2)), "填错网格", worker
    report.save()

    assert week(grid) == {"missing": 7}


def test_the_states_add_up_to_what_is_expected(town, grid, other_grid, worker, reported):
    reported(grid, day(1))
    reported(grid, day(2), hour=21, nil=False)

    rows = duty.states(town, MONDAY, SUNDAY, as_of=clock.at(SUNDAY, 9))
    told = {state: len(duty.states(town, MONDAY, SUNDAY, as_of=clock.at(SUNDAY, 9), only=[state]))
            for state in [*duty.STATES, "nil", "reported", "expected"]}  # fmt: skip

    assert told == {"on_time": 1, "late": 1, "missing": 4, "excused": 7, "pending": 1, "nil": 1, "reported": 2,
                    "expected": 14}  # fmt: skip
    assert len(rows) == sum(told[state] for state in duty.STATES)


def test_since_when_nothing_has_come_in(grid, other_grid, worker, reported):
    reported(grid, day(1))
    reported(grid, day(2))

    assert duty.missing_since([grid.pk, other_grid.pk], day(5)) == {grid.pk: day(3)}
