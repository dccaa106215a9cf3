"""The tree of places in a real browser: it opens in place, and without a script by its links."""

import pytest
from playwright.sync_api import expect

from grids.roles import Role
from tests.browser.conftest import DESK, PHONE, wider_than_screen


@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_the_tree_opens_down_to_the_micro_grid(
    sign_in, someone, barriers, town, village, micro_grid, width, javascript
):
    page = sign_in(someone(Role.TOWN_DESK, town), "/areas/", width=width, javascript=javascript)

    for name in ("东良村", "东良村第一网格"):
        page.locator("summary", has_text=name).last.locator(".tree-kind").click()
        if not javascript:
            page.locator("a", has_text=f"显示{name}的下级").click()

    expect(page.locator(".leaf")).to_contain_text("第一微网格")
    if javascript:
        assert barriers(page) == []
        assert wider_than_screen(page) == 0


def test_a_place_is_found_by_its_initials_and_the_list_leads_back_to_the_tree(sign_in, someone, town, village):
    page = sign_in(someone(Role.TOWN_DESK, town), "/areas/", width=PHONE)
    page.fill("[name=q]", "dlc")
    page.press("[name=q]", "Enter")

    expect(page.locator("tbody tr")).to_contain_text("东良村")
    page.click("text=按层级看")
    expect(page.locator(".tree-top")).to_contain_text("故城镇")
