"""Every number on the pages people work with is a figure of the one tag, and its list is exactly as long.

Walked on the demo town with two weeks of history, at noon of the day after: some have reported, some have not."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import User
from common import clock, periods
from governance import translations
from grids.models import Area
from tests.access.tally import LONG
from tests.governance.demo_town import AS_OF, loaded_for_module
from tests.governance.page_numbers import Page, wrong_lists

pytestmark = pytest.mark.slow
loaded = loaded_for_module(history=15)
MOST = None if LONG else 15  # how many of the numbers of a page are followed to their lists; `make matrix` all
VILLAGE = "东良村"


@pytest.fixture
def town(loaded, db):
    translations.compile_all()
    with clock.standing_at(clock.at(AS_OF, 12)):
        yield Area.objects.get(kind="town")


@pytest.fixture
def read(client, town):
    """read("committee", "/dashboard/"): the page as that demo person gets it."""

    def look(name, address):
        client.force_login(User.objects.get(username=name))
        answer = client.get(address)
        assert answer.status_code == 200, address
        return Page.read(answer.content.decode())

    return look


def dashboard(**query):
    return reverse("dashboard", query=query)


def pages():
    """(person, address)"""
    week, yesterday = periods.week_of(AS_OF), (AS_OF - dt.timedelta(days=1)).isoformat()
    return [
        pytest.param("worker", lambda: reverse("screening:today"), id="worker's day"),
        pytest.param("worker", dashboard, id="worker's grid"),
        pytest.param("village", lambda: reverse("screening:desk"), id="village desk"),
        pytest.param("village", lambda: dashboard(period="month"), id="village's month"),
        pytest.param("village", lambda: ledger(week), id="ledger as it will be"),
        pytest.param("village", lambda: ledger(week.shift(-1)), id="last week's ledger"),
        pytest.param("committee", lambda: reverse("ledgers:weekly_list"), id="all ledgers"),
        pytest.param("town", lambda: reverse("ledgers:town_month"), id="town's monthly table"),
        pytest.param("committee", dashboard, id="town's week"),
        pytest.param("committee", lambda: dashboard(period="day", date=yesterday), id="town's day"),
        pytest.param("committee", lambda: reverse("grids:area", args=[place(VILLAGE)]), id="village page"),
        pytest.param("town", lambda: reverse("grids:area", args=[place(f"{VILLAGE}第一网格")]), id="grid page"),
    ]


def place(name):
    return Area.objects.get(name=name).code


def ledger(week):
    return reverse("ledgers:week", args=[place(VILLAGE), week.start.isoformat()])


@pytest.mark.parametrize(("person", "address"), pages())
def test_no_digit_stands_beside_the_figures_and_every_list_is_as_long_as_its_number(read, client, person, address):
    where = address()
    page = read(person, where)

    assert page.strays == []
    assert page.figures or person == "worker"  # who has filed a nil report sees no number
    assert wrong_lists(client, where, page, at_most=MOST) == []


def test_a_number_written_without_the_tag_is_noticed():
    planted = Page.read('<table><tr><td>52</td><td><span class="figure" data-value="52">52</span></td></tr></table>')

    assert planted.strays == ["52"]
    assert [figure.count for figure in planted.figures] == [52]


def test_the_year_of_the_demo_town_reads_as_published(read):
    """52 found and settled before this week; what this week brought stands beside them (故城镇)."""
    page = read("committee", dashboard())

    yearly = [figure.count for figure in page.figures if figure.href and "_from=2026-01-01" in figure.href]
    found, reopened, settled, *_others = yearly
    assert found >= 52
    assert settled == 52
    assert reopened == 0
