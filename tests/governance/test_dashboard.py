"""The dashboard: what it says, to whom, and in how many queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from common.periods import WEEK, Period
from disputes import workflow
from grids.models import TownProfile
from grids.roles import Role
from ledgers import closing
from tests.governance.page_numbers import Page
from tests.ledgers.conftest import dispute, other_worker, report, worker, working_town  # noqa: F401

pytestmark = pytest.mark.django_db
MON = dt.date(2026, 3, 9)
TODAY = MON + dt.timedelta(days=9)  # Wednesday of the week after
FRAME = {"django_session", "accounts_user", "grids_post"}


@pytest.fixture
def past(working_town, worker, other_worker, grid, other_grid, micro_grid, village, report, dispute, someone):  # noqa: F811
    """Two weeks: one late, some missing; two findings, two disputes found, one of them settled."""
    for n in range(7):
        report(worker, grid, MON + dt.timedelta(days=n), hour=21 if n == 3 else 17)
    report(other_worker, other_grid, MON, "spot", "spot")
    first, _second = dispute(micro_grid, MON), dispute(other_grid, MON)
    with clock.standing_at(clock.at(MON + dt.timedelta(days=2), 9)):
        workflow.take("settle", dispute=first, by=someone(Role.VILLAGE_DESK, village), note="双方和解")
    with clock.standing_at(clock.at(TODAY, 2)):
        closing.close_owed()
    with clock.standing_at(clock.at(TODAY, 12)):
        yield working_town


@pytest.fixture
def look(client, past):
    """look(user, period="week", …): the page's context and its body."""

    def get(user, **query):
        client.force_login(user)
        answer = client.get(reverse("dashboard", query=query))
        assert answer.status_code == 200
        return answer.context, answer.content.decode()

    return get


def test_it_opens_with_this_week_at_the_area_of_the_highest_post(look, someone, past):
    told, body = look(someone(Role.PARTY_COMMITTEE, past))

    assert told["choice"].area == past
    assert told["choice"].period == Period(WEEK, dt.date(2026, 3, 16))
    assert "故城镇综合看板" in body


def test_a_week_is_told_with_numerators_and_denominators(look, someone, past):
    told, body = look(someone(Role.TOWN_DESK, past), date=MON.isoformat())
    week = told["told"]

    assert (week.on_time.part, week.on_time.whole) == (7, 14)
    assert [(str(label), cell.value) for label, _tone, cell in week.states] == [
        ("按时", 7), ("迟报", 1), ("未报", 6), ("免报", 0), ("待报", 0),
    ]  # fmt: skip
    assert (week.findings.value, week.opened.value, week.settled.value, week.open.value) == (2, 2, 1, 1)
    assert [cell.value for _label, cell in week.fields] == [0, 0, 2, 0, 0, 0, 0]
    assert "50.00 %" in body
    assert "(7/14)" in body


def test_the_year_stands_beside_the_period(look, someone, past):
    told, _body = look(someone(Role.TOWN_LEADER, past))

    assert (told["told"].opened.value, told["year"].opened.value, told["year"].settled.value) == (0, 2, 1)


def test_villages_add_up_to_the_row_of_the_town(look, someone, past):
    told, _body = look(someone(Role.PARTY_COMMITTEE, past), date=MON.isoformat())
    rows, whole = told["comparison"].rows, told["comparison"].sum

    assert [row.area.name for row in rows] == ["东良村", "南沟村"]
    for at, (key, cell, _bar) in enumerate(whole):
        parts = [row.cells[at][1] for row in rows]
        counts = [(c.part, c.whole) if c.is_share else (c.value,) for c in parts]
        assert tuple(map(sum, zip(*counts, strict=True))) == (
            (cell.part, cell.whole) if cell.is_share else (cell.value,)
        ), key


def test_one_steps_to_the_period_before_and_not_into_the_future(look, client, someone, past):
    user = someone(Role.PARTY_COMMITTEE, past)
    told, _body = look(user, period="month")

    assert told["choice"].later is None
    assert client.get(told["choice"].earlier).context["choice"].period.start == dt.date(2026, 2, 1)
    assert look(user, date="2031-01-01")[0]["choice"].period.start == dt.date(2026, 3, 16)
    assert look(user, date="nonsense", period="century", shade="x")[0]["choice"].kind == "week"


@pytest.mark.parametrize("kind", ["day", "week", "month"])
def test_a_day_before_any_platform_is_answered_with_this_period(look, someone, past, kind):
    user = someone(Role.PARTY_COMMITTEE, past)

    for day in ("0001-01-01", "1999-12-31"):
        assert look(user, period=kind, date=day)[0]["choice"].is_running
    assert look(user, period=kind, date="2000-01-03")[0]["choice"].earlier is None or kind == "day"


def test_a_grid_is_compared_by_its_micro_grids_from_their_own_rows(look, someone, past, grid, micro_grid):
    told, body = look(someone(Role.GRID_WORKER, grid), date=MON.isoformat())

    (row,) = told["comparison"].rows
    cells = {key: cell for key, cell, _bar in row.cells}
    assert row.url == reverse("grids:area", args=[micro_grid.code])
    assert (cells["opened"].value, cells["settled"].value, cells["open"].value) == (1, 1, 0)
    assert "on_time" not in cells
    assert 'data-figure="findings"' in body


def test_a_micro_grid_is_shown_on_its_own_page(client, someone, past, village, micro_grid):
    client.force_login(someone(Role.VILLAGE_DESK, village))

    answer = client.get(reverse("dashboard", query={"area": micro_grid.code}))

    assert answer.url == reverse("grids:area", args=[micro_grid.code])


@pytest.mark.parametrize(
    ("role", "asked", "status"),
    [
        (Role.VILLAGE_DESK, "other_village", 404),
        (Role.VILLAGE_DESK, "town", 404),
        (Role.GRID_WORKER, "village", 404),
        (Role.GRID_WORKER, "grid", 200),
        (Role.COUNTY_DESK, "other_village", 200),
        (Role.SYSTEM_ADMIN, "village", 403),
        (Role.LINKED_MEMBER, "village", 403),
    ],
)
def test_figures_are_read_in_ones_own_area_and_nowhere_else(client, someone, request, past, role, asked, status):
    places = {Role.GRID_WORKER: "grid", Role.COUNTY_DESK: "county", Role.SYSTEM_ADMIN: "town"}
    client.force_login(someone(role, request.getfixturevalue(places.get(role, "village"))))

    code = request.getfixturevalue(asked).code
    assert client.get(reverse("dashboard", query={"area": code})).status_code == status


def test_a_reader_is_led_only_to_lists_he_may_see(look, someone, past):
    """The town leader works with disputes and reports, but the list of households is not his."""
    leader, _body = look(someone(Role.TOWN_LEADER, past))
    mediator, _body = look(someone(Role.MEDIATOR, past))

    assert leader["told"].linked.url is None
    assert leader["told"].missing.url is not None
    assert mediator["told"].missing.url is None
    assert mediator["told"].open.url is not None


def test_the_towns_own_words_stand_quietly_above(look, someone, past):
    items = [{"digit": "1", "title": "一个服务体系", "parts": ["党群服务"]}]
    TownProfile.objects.filter(town=past).update(framework={"name": "“1333”社会治理体系", "items": items})

    _told, body = look(someone(Role.PARTY_COMMITTEE, past))

    assert "“1333”社会治理体系" in body
    assert "一个服务体系" in body


def test_a_late_report_shows_at_once_without_the_worker(look, someone, past, other_worker, other_grid, report):  # noqa: F811
    before, _body = look(someone(Role.PARTY_COMMITTEE, past), date=MON.isoformat())
    report(other_worker, other_grid, MON + dt.timedelta(days=1), "spot", on=TODAY, hour=11)
    after, _body = look(someone(Role.PARTY_COMMITTEE, past), date=MON.isoformat())

    assert after["told"].late.value == before["told"].late.value + 1
    assert after["told"].missing.value == before["told"].missing.value - 1
    assert after["told"].findings.value == before["told"].findings.value + 1


def test_eight_queries_for_the_figures_however_many_villages(client, someone, past, grid, village, open_area):
    def asked(user, **query):
        """Queries beyond session, user and posts."""
        client.force_login(user)
        client.get(reverse("dashboard", query=query))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("dashboard", query=query))
        return [one["sql"] for one in seen if not any(f'FROM "{table}"' in one["sql"] for table in FRAME)]

    def figures(statements):
        """Without the two that say which area is asked for and what lies below it."""
        return [sql for sql in statements if 'FROM "grids_area"' not in sql]

    committee, desk = someone(Role.PARTY_COMMITTEE, past), someone(Role.VILLAGE_DESK, village)
    two = asked(committee)
    assert len(figures(two)) <= 8
    assert len(figures(asked(desk))) <= 8
    assert len(figures(asked(someone(Role.GRID_WORKER, grid)))) <= 8
    assert len(figures(asked(someone(Role.COUNTY_DESK, past.county)))) <= 8

    for n in range(3, 9):
        open_area("village", past, f"14042910420{n}", f"第{n}村")
    assert len(asked(committee)) == len(two)


def test_every_number_is_written_by_the_one_tag(look, someone, past):
    _told, body = look(someone(Role.PARTY_COMMITTEE, past))
    page = Page.read(body)

    assert page.strays == []
    assert len(page.figures) > 80
