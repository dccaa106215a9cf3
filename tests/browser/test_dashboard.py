"""The dashboard in a real browser: map, charts, a phone, no script, nobody kept out."""

import datetime as dt

import pytest
import shapely
from playwright.sync_api import expect

from common import clock
from disputes import workflow
from grids.models import Boundary
from grids.roles import Role
from tests.browser.conftest import DESK, PHONE, wider_than_screen
from tests.conftest import SINCE


@pytest.fixture
def drawn(village, other_village, grid, other_grid, micro_grid, someone):
    """Two villages side by side; one has an open dispute."""
    for area, west in [(village, 112.7), (other_village, 112.8), (grid, 112.7), (micro_grid, 112.7)]:
        box = shapely.geometry.mapping(shapely.box(west, 36.9, west + 0.1, 37.0))
        Boundary.objects.create(
            area=area, geometry=box, west=west, south=36.9, east=west + 0.1, north=37.0, source="test", invented=True,
            from_day=SINCE,
        )  # fmt: skip
    with clock.standing_at(clock.at(clock.today() - dt.timedelta(days=1))):
        workflow.register(
            by=someone(Role.VILLAGE_DESK, village), area=micro_grid, field="3", category="02", line="宅基地边界",
            source="application",
        )  # fmt: skip
    return village


@pytest.fixture
def dashboard(drawn, sign_in, someone, town):
    user = someone(Role.PARTY_COMMITTEE, town)
    return lambda address="/dashboard/", **window: sign_in(user, address, **window)


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("page_of", ["/dashboard/", "/areas/140429104201/", "/areas/14042910420100100001/", "/areas/"])
def test_nobody_is_kept_from_the_pages_of_figures_and_places(dashboard, barriers, width, page_of):
    page = dashboard(page_of, width=width)
    if page_of == "/dashboard/":
        expect(page.locator(".map-legend li").first).to_be_visible()
        expect(page.locator(".chart-canvas svg")).to_have_count(3)

    assert barriers(page) == []
    assert wider_than_screen(page) == 0


def test_the_map_shows_what_the_table_shows_and_leads_down_to_the_micro_grid(dashboard):
    page = dashboard()
    page.select_option("#shade", "open")
    shapes = page.locator(".map-canvas path.leaflet-interactive")
    expect(shapes).to_have_count(2)
    expect(page.locator(".map-note")).to_have_text("边界为示意，未经勘测。")
    expect(page.locator(".map-told")).to_have_text("未办结的纠纷")

    shapes.first.focus()
    expect(page.locator(".map-told")).to_have_text("东良村 · 未办结的纠纷 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/?area=140429104201&**")
    expect(page.locator("h1")).to_have_text("东良村综合看板")

    shapes.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/?area=140429104201001&**")
    shapes.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/areas/14042910420100100001/")
    expect(page.locator(".map-canvas path.leaflet-interactive")).to_have_count(1)


def test_without_javascript_the_tables_and_links_tell_the_same(dashboard):
    page = dashboard(javascript=False)

    assert page.locator(".map").is_hidden()
    expect(page.locator(".instead-of-map a").first).to_be_visible()
    assert page.locator("table[data-chart]").count() == 3
    expect(page.locator("table[data-chart]").first).to_be_visible()
    page.select_option("#shade", "open")
    page.click(".shade button")
    expect(page.locator(".map")).to_have_attribute("data-figure", "open")


def test_one_steps_through_weeks_and_back(dashboard):
    page = dashboard()
    this_week = page.locator(".period-name").inner_text()
    page.click("a[rel=prev]")
    expect(page.locator(".period-name")).not_to_have_text(this_week)
    page.click("a[rel=next]")
    expect(page.locator(".period-name")).to_have_text(this_week)


def test_the_dashboard_speaks_english_too(dashboard):
    page = dashboard()
    page.click(".side .language button")

    expect(page.locator("h1")).to_have_text("故城镇: how it stands")
