"""The lists that figures lead to: as long as the figure, within the reader's areas, no line for readers of figures."""

import datetime as dt
import io
import re
import uuid

import pytest
from openpyxl import load_workbook

from accounts.models import User
from common import clock, periods
from disputes.models import Dispute
from grids.models import Leave, Placement
from grids.roles import Role
from ledgers import figures
from screening import duty, lists, reporting
from screening.models import DutyRule, Finding
from tests.screening.conftest import MONDAY

REPORTS, FINDINGS = "/reports/", "/findings/"
SUNDAY = MONDAY + dt.timedelta(days=6)
WEEK = {"from": "2026-11-16", "to": "2026-11-22"}
CANARY = "王五家的水渠"


@pytest.fixture
def week(town, grid, other_grid, worker, desk, filed, found, someone):
    """A week as on Sunday noon: Monday a finding, Tuesday nil and late, Wednesday voided; the other grid is vacant
    until Saturday and files a dispute on Saturday."""
    DutyRule.objects.create(town=town, from_day=dt.date(2020, 1, 1))
    day = [MONDAY + dt.timedelta(days=n) for n in range(7)]
    filed(found(line=CANARY, field="1", category="07"), found(line="电线老化", field="6", category="99", severity="02"))
    filed(day=day[1], at=clock.at(day[1], 21))
    reporting.void_report(by=desk, report=filed(found(), day=day[2], at=clock.at(day[2])).report, reason="填错网格")
    other = someone(Role.GRID_WORKER, other_grid, from_day=day[5])
    with clock.standing_at(clock.at(day[5], 10)):
        reporting.file_report(
            by=other, area=other_grid, day=day[5], client_id=uuid.uuid4(), findings=[found(outcome="dispute")]
        )
    with clock.standing_at(clock.at(SUNDAY, 12)):
        yield


@pytest.fixture
def read(client, someone, week):
    """read("/reports/", role, area, **query): the page as somebody with that post sees it."""

    def get(address, role, where, /, **query):
        client.force_login(someone(role, where))
        return client.get(address, query)

    return get


def rows_of(page):
    return page.context["page_obj"].paginator.count


EXPECTED = {"expected": 14, "on_time": 2, "late": 1, "missing": 4, "excused": 5, "pending": 2, "nil": 1, "reported": 3}


@pytest.mark.parametrize("state", EXPECTED)
def test_the_list_of_reports_is_as_long_as_the_figure(read, town, state):
    figure = figures.read([(town, periods.week_of(MONDAY))])[town.pk, periods.week_of(MONDAY)]

    page = read(REPORTS, Role.TOWN_DESK, town, state=state, **WEEK)

    assert rows_of(page) == EXPECTED[state] == getattr(figure, state)
    assert len(page.context["page_obj"].object_list) == EXPECTED[state]


@pytest.mark.parametrize(
    ("query", "number"),
    [({}, 3), ({"field": "1"}, 1), ({"field": "6"}, 1), ({"category": "02"}, 1), ({"outcome": "dispute"}, 1),
     ({"outcome": "spot", "severity": "02"}, 1), ({"field": "7"}, 0)],
)  # fmt: skip
def test_the_list_of_findings_is_as_long_as_the_figure(read, town, query, number):
    assert rows_of(read(FINDINGS, Role.TOWN_DESK, town, **WEEK, **query)) == number


def test_findings_add_up_from_the_micro_grid_to_the_county(read, county, town, village, other_village, grid):
    figure = figures.read([(area, periods.week_of(MONDAY)) for area in (county, town, village, other_village)])

    told = {}
    for area in (county, town, village, other_village, grid):
        told[area] = rows_of(read(FINDINGS, Role.COUNTY_DESK, county, area=area.code, **WEEK))

    assert told == {county: 3, town: 3, village: 2, other_village: 1, grid: 2}
    assert all(figure[area.pk, periods.week_of(MONDAY)].findings == told[area] for area in told if area != grid)


def test_a_finding_counts_where_its_grid_counted_on_that_day(week, county, grid, village, other_village, someone):
    grid.placements.update(until_day=SUNDAY)
    Placement.objects.create(area=grid, grid=grid, village=other_village, town=grid.town, county=county,
                             reports=True, from_day=SUNDAY)  # fmt: skip

    reader = someone(Role.TOWN_DESK, grid.town)

    assert lists.standing(reader, village, MONDAY, SUNDAY).count() == 2
    assert lists.standing(reader, other_village, MONDAY, SUNDAY).count() == 1


def test_a_micro_grid_lists_what_lies_in_it(read, filed, found, micro_grid, village):
    filed(found(area=micro_grid), day=SUNDAY, at=clock.at(SUNDAY, 11))

    assert rows_of(read(FINDINGS, Role.VILLAGE_DESK, village, area=micro_grid.code, **WEEK)) == 1


def test_without_days_reports_are_todays_and_findings_the_weeks(read, town):
    reports = read(REPORTS, Role.TOWN_DESK, town)
    findings = read(FINDINGS, Role.TOWN_DESK, town)

    assert {row["day"] for row in reports.context["page_obj"].object_list} == {SUNDAY}
    assert rows_of(findings) == 3


def test_the_missing_list_names_the_person_and_since_when(read, grid, worker):
    page = read(REPORTS, Role.TOWN_DESK, grid.town, state="missing", **WEEK)

    rows = page.context["page_obj"].object_list
    assert {row["worker"] for row in rows} == {worker.name}
    assert [(row["day"].day, row["since"].day) for row in rows] == [(21, 18), (20, 18), (19, 18), (18, 18)]


def test_the_excused_list_says_why(read, town):
    text = read(REPORTS, Role.TOWN_DESK, town, state="excused", **WEEK).content.decode()

    assert text.count("岗位空缺") == 5


@pytest.mark.parametrize("sort", ["day", "-day", "place", "-place", "worker", "state", "-received", "nonsense"])
def test_every_order_shows_the_same_rows(read, town, sort):
    page = read(REPORTS, Role.TOWN_DESK, town, sort=sort, **WEEK)

    days = [row["day"] for row in page.context["page_obj"].object_list]
    assert len(days) == 14
    if sort.endswith("day"):
        assert days == sorted(days, reverse=sort == "-day")


@pytest.mark.parametrize(("text", "number"), [("南沟", 7), ("东良村第一", 7), ("张三", 9), ("%", 0), ("无此地", 0)])
def test_words_are_searched_in_place_and_worker(read, town, text, number):
    assert rows_of(read(REPORTS, Role.TOWN_DESK, town, q=text, **WEEK)) == number


def test_a_long_list_has_pages_that_add_up(read, town, week):
    first = read(REPORTS, Role.TOWN_DESK, town, **{"from": "2026-10-01", "to": "2026-11-22"})
    second = read(REPORTS, Role.TOWN_DESK, town, page="3", **{"from": "2026-10-01", "to": "2026-11-22"})

    assert rows_of(first) == 2 * 53
    assert len(first.context["page_obj"].object_list) == 50
    assert len(second.context["page_obj"].object_list) == 6


def test_readers_of_figures_get_the_same_number_and_no_line(read, town):
    page = read(FINDINGS, Role.PARTY_COMMITTEE, town, **WEEK)

    assert rows_of(page) == 3
    assert CANARY not in page.content.decode()
    assert "line" not in page.context["page_obj"].object_list[0]


def test_readers_of_figures_cannot_find_by_the_words_of_the_line(read, town):
    assert rows_of(read(FINDINGS, Role.PARTY_COMMITTEE, town, q="王五", **WEEK)) == 0
    assert rows_of(read(FINDINGS, Role.TOWN_DESK, town, q="王五", **WEEK)) == 1


def test_of_a_sensitive_dispute_the_line_is_neither_shown_nor_found(read, town):
    Dispute.objects.update(sensitive=True)

    page = read(FINDINGS, Role.TOWN_DESK, town, outcome="dispute", **WEEK)
    file = sheet_of(read(FINDINGS + "export/", Role.TOWN_DESK, town, outcome="dispute", **WEEK))

    assert rows_of(page) == 1
    assert "两家为排水沟争吵" not in page.content.decode() + str(file)
    assert rows_of(read(FINDINGS, Role.TOWN_DESK, town, q="排水沟", **WEEK)) == 0


def test_readers_of_figures_have_no_way_into_a_report(read, town):
    page = read(REPORTS, Role.PARTY_COMMITTEE, town, **WEEK).content.decode()

    assert not re.search(r'href="/reports/\d+/"', page)


def test_readers_of_figures_learn_no_workers_name_and_no_reason_of_a_leave(read, town, grid, worker):
    post = grid.posts.get(user=worker)
    User.objects.filter(pk=worker.pk).update(name="欧阳勤快")
    Leave.objects.create(post=post, reason="住院手术", from_day=SUNDAY, until_day=SUNDAY + dt.timedelta(days=1))

    full = read(REPORTS, Role.TOWN_DESK, town, **WEEK).content.decode()
    less = read(REPORTS, Role.PARTY_COMMITTEE, town, **WEEK)
    file = sheet_of(read(REPORTS + "export/", Role.PARTY_COMMITTEE, town, **WEEK))

    assert "欧阳勤快" in full
    assert "住院手术" in full
    assert rows_of(less) == 14
    assert not {"worker", "excuse"} & set(less.context["page_obj"].object_list[0])
    assert not re.search("欧阳勤快|住院手术|sort=worker", less.content.decode() + str(file))
    assert rows_of(read(REPORTS, Role.PARTY_COMMITTEE, town, q="欧阳", **WEEK)) == 0
    by_name = read(REPORTS, Role.PARTY_COMMITTEE, town, sort="worker", **WEEK).context["page_obj"].object_list
    assert by_name == less.context["page_obj"].object_list


def test_of_a_sensitive_dispute_the_household_is_not_listed(read, town, household):
    Finding.objects.update(household=household)
    before = read(FINDINGS, Role.TOWN_DESK, town, outcome="dispute", **WEEK).context["page_obj"].object_list
    Dispute.objects.update(sensitive=True)

    after = read(FINDINGS, Role.TOWN_DESK, town, outcome="dispute", **WEEK).context["page_obj"].object_list

    assert [row["home"] for row in before] == [household.name]
    assert [row["home"] for row in after] == [""]


@pytest.mark.parametrize("address", [REPORTS, FINDINGS, REPORTS + "export/", FINDINGS + "export/"])
def test_lists_end_at_the_borders_of_the_post(read, address, village, other_village, other_town):
    assert read(address, Role.VILLAGE_DESK, village, area=other_village.code).status_code == 404
    assert read(address, Role.VILLAGE_DESK, village, area=other_town.code).status_code == 404
    assert read(address, Role.VILLAGE_DESK, village, area="nowhere").status_code == 404
    assert read(address, Role.MEDIATOR, village).status_code == 403
    assert read(address, Role.MEDIATOR, village, area=village.code).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"from": "2026-11-22", "to": "2026-11-16"}, {"from": "2025-11-01", "to": "2026-11-22"},
              {"from": "yesterday"}, {"state": "lost"}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_with_words(read, town, wrong):
    page = read(REPORTS, Role.TOWN_DESK, town, **wrong)

    assert page.status_code == 400
    assert page.context["filters"].errors


def sheet_of(answer):
    return list(load_workbook(io.BytesIO(answer.content)).active.values)


def test_the_download_has_the_rows_of_the_list(read, town):
    rows = sheet_of(read(REPORTS + "export/", Role.TOWN_DESK, town, state="late", **WEEK))

    assert rows[-1][0] == dt.datetime(2026, 11, 17)
    assert rows[-1][3:6] == ("迟报", dt.datetime(2026, 11, 17, 21), "是")


def test_the_download_for_readers_of_figures_has_no_line(read, town):
    full = sheet_of(read(FINDINGS + "export/", Role.TOWN_DESK, town, **WEEK))
    less = sheet_of(read(FINDINGS + "export/", Role.PARTY_COMMITTEE, town, **WEEK))

    assert len(full) == len(less)
    assert CANARY in str(full)
    assert CANARY not in str(less)


def test_a_list_costs_the_same_however_long_it_is(client, someone, week, town, django_assert_max_num_queries):
    client.force_login(someone(Role.TOWN_DESK, town))

    for first in ("2026-11-22", "2026-01-01"):
        with django_assert_max_num_queries(12):
            client.get(REPORTS, {"from": first, "to": "2026-11-22"})


def test_the_sequence_reads_as_the_plain_states_do(week, town):
    as_of = clock.now()

    lazy = list(lists.ExpectedReports(town, MONDAY, SUNDAY))
    plain = duty.states(town, MONDAY, SUNDAY, as_of=as_of)

    assert [(row["day"], row["area_id"], row["state"]) for row in lazy] == [
        (row["day"], row["area_id"], row["state"]) for row in plain
    ]
