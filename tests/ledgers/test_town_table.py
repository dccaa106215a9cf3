"""The town's monthly table: hand-computed cells, one statement, every cell as long as its list."""

import datetime as dt
import io
import random

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.codes import CATEGORIES
from common import clock
from common.periods import Period
from disputes import workflow
from grids.models import TownProfile
from grids.roles import Role
from ledgers.report_form import CATEGORY, OVERALL, report_form
from ledgers.town_table import TownTable

pytestmark = pytest.mark.django_db
MARCH, APRIL = Period("M", dt.date(2026, 3, 1)), Period("M", dt.date(2026, 4, 1))
MONTHS = [Period("M", dt.date(2026, n, 1)) for n in (1, 2, 3, 4)]
NOW = clock.at(dt.date(2026, 5, 4), 9)


@pytest.fixture
def found(someone, town):
    """found(area, day, category="02", settle=day, …): a dispute found there, perhaps settled on a later day."""
    desk = someone(Role.TOWN_DESK, town)

    def make(area, day, category="02", settle=None, mediate=None, as_=workflow, **facts):
        with clock.standing_at(clock.at(day, 10)):
            made = workflow.register(
                by=desk, area=area, field="3", category=category, line="宅基地边界", source="application", **facts
            )
        for act, on in (("mediate", mediate), ("settle", settle)):
            if on:
                with clock.standing_at(clock.at(on, 11)):
                    workflow.take(act, dispute=made, by=desk)
        return made

    return make


@pytest.fixture
def table(working_town):
    def make(month=MARCH, village=None):
        return TownTable(working_town, month, report_form(), village)

    return make


@pytest.fixture
def read(client, working_town, someone, town):
    """read(role) signs that role in; returns a function that gets an address as on 4 May 2026."""

    def enter(role=Role.TOWN_DESK, area=None):
        client.force_login(someone(role, area or town))

        def get(address):
            with clock.standing_at(NOW):
                return client.get(address)

        return get

    return enter


def day(n, month=3):
    return dt.date(2026, month, n)


def cells(table, kind, measure, codes=None):
    """The values of one line, in the order of the columns."""
    for line, row in table.lines():
        if line.kind == kind and line.measure == measure and (codes is None or line.codes == codes):
            return [cell.value for cell in row]
    raise LookupError(kind)


def test_every_category_of_ours_stands_in_exactly_one_row():
    codes = [code for line in report_form().lines if line.kind == CATEGORY and line.first for code in line.codes or ()]

    assert sorted(codes) == sorted(CATEGORIES)
    assert len([line for line in report_form().lines if line.kind == CATEGORY and line.first]) == 19


def test_found_handled_and_settled_by_village_and_for_the_town(found, table, grid, other_grid):
    found(grid, day(3), settle=day(9))
    found(grid, day(4), mediate=day(31))
    found(grid, day(5), mediate=day(2, 4))  # handled only after the month
    found(other_grid, day(6, 2), settle=day(7))  # found before the month
    found(other_grid, day(1, 4))

    march, april = table(), table(APRIL)

    assert cells(march, OVERALL, "found") == [3, 0, 3, 4]
    assert cells(march, OVERALL, "handled") == [2, 0, 2, 3]
    assert cells(march, OVERALL, "settled") == [1, 1, 2, 2]
    assert cells(april, OVERALL, "found") == [0, 1, 1, 5]
    assert cells(april, OVERALL, "handled") == [0, 0, 0, 4]


def test_the_categories_add_up_to_the_whole(found, table, grid, other_grid):
    for n, category in enumerate(CATEGORIES):
        found((grid, other_grid)[n % 2], day(2 + n), category, settle=day(25) if n % 3 else None)

    march = table()

    rows = [row for line, row in march.lines() if line.kind == CATEGORY and line.measure == "found" and line.codes]
    sums = [sum(cell.value for cell in column) for column in zip(*rows, strict=True)]
    assert sums == cells(march, OVERALL, "found") == [9, 9, 18, 18]
    sizes = [row[-1].value for line, row in march.lines() if line.kind == "size"]
    assert sizes == [18, 0, 0, 0]


def test_rates_are_over_what_was_found_and_a_dash_where_nothing_was(found, table, grid):
    found(grid, day(3), settle=day(9))
    found(grid, day(4))

    rates = {line.measure: row for line, row in table().lines() if line.kind == OVERALL}

    assert [cell.written for cell in rates["handling_rate"]] == [
        "50.00 % (1/2)",
        "- (0/0)",
        "50.00 % (1/2)",
        "50.00 % (1/2)",
    ]
    assert rates["success_rate"][1].written == "- (0/0)"


def test_size_classes_and_major_disputes(found, table, grid):
    for people, severity in ((2, "04"), (49, "03"), (50, "02"), (100, "01"), (499, "04"), (500, "02")):
        found(grid, day(3), people_involved=people, severity=severity)

    march = table()

    assert [row[0].value for line, row in march.lines() if line.kind == "size"] == [2, 1, 2, 1]
    assert cells(march, "major", "found")[0] == 3


def test_what_is_never_collected_prints_a_long_dash_and_campaigns_a_short_one(table):
    rows = {line.label: row for line, row in table().lines()}

    assert {cell.written for cell in rows["1. 民族宗教矛盾纠纷"]} == {"—"}
    assert {cell.written for cell in rows["开展集中排查"]} == {"-"}


def test_january_counts_month_and_year_alike(found, table, grid):
    found(grid, day(5, 1))

    assert cells(table(Period("M", dt.date(2026, 1, 1))), OVERALL, "found") == [1, 0, 1, 1]


def test_a_reopened_dispute_is_not_found_again(found, table, grid, someone, town):
    again = found(grid, day(3), settle=day(4))
    with clock.standing_at(clock.at(day(7, 4), 9)):
        workflow.take("reopen", dispute=again, by=someone(Role.TOWN_DESK, town), note="又起争执")
        workflow.take("settle", dispute=again, by=someone(Role.TOWN_DESK, town))

    assert cells(table(APRIL), OVERALL, "found")[-2:] == [0, 1]
    assert cells(table(APRIL), OVERALL, "settled")[-2:] == [1, 2]


def test_the_statements_do_not_grow_with_the_villages(table, found, grid, open_area, town):
    found(grid, day(3))

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            table().lines()
        return len(seen)

    before = statements()
    for n in range(3, 9):
        found(open_area("village", town, f"14042910420{n}", f"第{n}村"), day(4))

    assert statements() == before <= 3


def test_random_cells_are_as_long_as_their_lists(found, table, grid, other_grid, village, read):
    dice = random.Random(20260301)
    for _ in range(90):
        start = dt.date(2026, 1, 5) + dt.timedelta(days=dice.randrange(100))
        later = [start + dt.timedelta(days=dice.randrange(1, 40)) if dice.random() < p else None for p in (0.5, 0.6)]
        mediate, settle = sorted(later) if all(later) else (later[0], None if later[0] else later[1])
        found(
            dice.choice([grid, other_grid, village]), start, dice.choice(CATEGORIES), settle=settle, mediate=mediate,
            people_involved=dice.choice([2, 3, 49, 50, 120, 800]), severity=dice.choice(["01", "02", "03", "04"]),
        )  # fmt: skip
    get = read(Role.PARTY_COMMITTEE)
    walk = [cell for month in MONTHS for _, row in table(month).lines() for cell in row if cell.url]
    assert sum(cell.value > 0 for cell in walk) > 100

    for cell in dice.sample(walk, 100):
        assert get(cell.url).context["page_obj"].paginator.count == cell.value, cell.url


def test_the_page_shows_the_form_by_its_name_and_links_every_count(found, grid, read):
    found(grid, day(3), settle=day(9))

    page = read()(reverse("ledgers:town_month", args=["140429104000", "2026-03"]))

    text = page.content.decode()
    assert "矛盾纠纷排查情况表" in text
    assert "四川省综治委2017年样式" in text
    assert "本平台不采集" in text
    assert 'data-value="1"' in text
    assert text.count("/disputes/?area=") > 100


def test_one_village_can_be_chosen(found, grid, village, other_village, read):
    found(grid, day(3))

    page = read()(reverse("ledgers:town_month", args=["140429104000", "2026-03"]) + f"?village={village.code}")

    assert [column.label for column in page.context["table"].columns] == ["东良村", "小计", "年度累计"]


def test_villages_with_unsigned_weeks_are_named_and_the_table_stays_open(
    read, village, grid, other_village, sign, close
):
    close(day(9))
    sign(village, day(2))

    page = read()(reverse("ledgers:town_month", args=["140429104000", "2026-03"]))

    named = {(row.village.name, row.week.iso_label) for row in page.context["unsigned"]}
    assert page.status_code == 200
    assert ("南沟村", "2026-W10") in named
    assert ("东良村", "2026-W10") not in named
    assert ("东良村", "2026-W14") in named  # touches March with two days


def test_without_month_the_last_closed_one_is_shown(read):
    page = read()(reverse("ledgers:town_month"))

    assert page.context["table"].month == APRIL


@pytest.mark.parametrize("month", ["2026-06", "2026-02", "2026-13", "later"])
def test_a_month_that_never_was_is_not_there(read, month):
    assert read()(reverse("ledgers:town_month", args=["140429104000", month])).status_code == 404


def test_only_town_and_committee_read_the_table(read, village, town, county, other_town):
    TownProfile.objects.filter(town=other_town).update(in_use_from=dt.date(2026, 3, 2))
    address = reverse("ledgers:town_month", args=["140429104000", "2026-03"])
    for role, area, status in [
        (Role.TOWN_LEADER, town, 200), (Role.PARTY_COMMITTEE, town, 200), (Role.DISCIPLINE_LIAISON, town, 403),
        (Role.COUNTY_DESK, county, 403), (Role.VILLAGE_DIRECTOR, village, 404), (Role.TOWN_DESK, other_town, 404),
    ]:  # fmt: skip
        assert read(role, area)(address).status_code == status, role
    assert read(Role.VILLAGE_DIRECTOR, village)(reverse("ledgers:town_month")).status_code == 403


def test_the_table_file_has_the_forms_layout(found, grid, read):
    found(grid, day(3), settle=day(9))

    answer = read()(reverse("ledgers:town_month_xlsx", args=["140429104000", "2026-03"]))

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(n for n, row in enumerate(rows) if row[0] == "内容")
    assert "2026年3月故城镇矛盾纠纷排查情况表（四川省综治委2017年样式）" in [row[0] for row in rows[:head]]
    assert rows[head][2] == "村居"
    assert rows[head][4:6] == ["小计", "年度累计"]
    assert rows[head + 1][2:4] == ["东良村", "南沟村"]
    assert rows[head + 2][:6] == ["总况", "排查数", 1, 0, 1, 1]
    assert rows[head + 4][1:3] == ["调处率", "100.00 % (1/1)"]
    assert f"C{head + 1}:D{head + 1}" in {str(span) for span in sheet.merged_cells.ranges}
    assert f"A{head + 3}:A{head + 7}" in {str(span) for span in sheet.merged_cells.ranges}


def test_the_paper_carries_title_unit_and_signatures(read):
    page = read()(reverse("ledgers:town_month_print", args=["140429104000", "2026-03"]))

    text = page.content.decode()
    for words in ("2026年3月故城镇矛盾纠纷排查情况表", "填报单位（盖章）：故城镇", "签发人", "制表人"):
        assert words in text
