"""Ledgers and the monthly table in a real browser: usable by everybody on a desk and on a phone, without JavaScript."""

import pytest
from playwright.sync_api import expect

from common import clock
from common.periods import month_of, week_of
from disputes import workflow
from grids.roles import Role
from ledgers import drafting
from ledgers.models import WeeklyLedger
from tests.browser.conftest import DESK, PHONE, wider_than_screen


@pytest.fixture
def last_week(town, village, grid, someone):
    """The Monday of last week; one dispute was found then, and the village's ledger is drafted."""
    monday = week_of(clock.today()).shift(-1).start
    with clock.standing_at(clock.at(monday, 10)):
        workflow.register(
            by=someone(Role.VILLAGE_DESK, village), area=grid, field="3", category="02", line="宅基地边界",
            source="application",
        )  # fmt: skip
    drafting.draft_week(town, monday)
    return monday


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nobody_is_kept_from_ledgers_and_table(sign_in, someone, barriers, town, village, last_week, width):
    month = month_of(last_week).iso_label
    desk = someone(Role.TOWN_DESK, town)
    for address in (
        "/ledgers/", f"/ledgers/?village={village.code}", f"/ledgers/{village.code}/{last_week}/",
        f"/ledgers/{village.code}/{last_week}/print/", f"/town/{town.code}/month/{month}/",
        f"/town/{town.code}/month/{month}/print/",
    ):  # fmt: skip
        page = sign_in(desk, address, width=width)
        assert barriers(page) == [], address
        assert wider_than_screen(page) == 0 or "print" in address, address


def test_the_director_signs_without_javascript(sign_in, someone, village, last_week):
    page = sign_in(someone(Role.VILLAGE_DIRECTOR, village), f"/ledgers/{village.code}/{last_week}/", javascript=False)

    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.click("text=签发本期台账")

    expect(page.locator("#messages")).to_contain_text("已签发并封存")
    expect(page.locator(".seal")).to_have_text(WeeklyLedger.objects.get(village=village).sha256)


def test_on_a_phone_one_village_is_chosen_and_a_number_opens_its_list(sign_in, someone, town, village, last_week):
    month = month_of(last_week).iso_label
    page = sign_in(someone(Role.TOWN_LEADER, town), f"/town/{town.code}/month/{month}/", width=PHONE)

    page.select_option("#village", village.code)
    page.wait_for_url(f"**village={village.code}*")
    page.locator(".month-table td .figure", has_text="1").first.click()

    expect(page.locator("table tbody tr")).to_have_count(1)
