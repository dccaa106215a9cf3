"""The shared parts in a real browser: numbers, charts, the map, menus, lists on a phone, paper."""

import pytest
from playwright.sync_api import expect

from grids.roles import Role
from tests.browser.conftest import DESK, PHONE, wider_than_screen


@pytest.fixture
def sample(settings, sign_in, someone, village, grid):
    """sample(width=…): the page that holds every shared part, seen by the village's desk."""
    settings.ROOT_URLCONF = "tests.browser.sample"
    user = someone(Role.VILLAGE_DESK, village)
    return lambda address="/sample/", **window: sign_in(user, address, **window)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nobody_is_kept_from_a_full_page(sample, barriers, width):
    page = sample(width=width)
    expect(page.locator(".map-legend li").first).to_be_visible()
    expect(page.locator(".chart-canvas svg")).to_have_count(2)

    assert barriers(page) == []
    assert wider_than_screen(page) == 0


def test_everything_a_finger_must_hit_is_large_enough(sample):
    page = sample(width=PHONE)

    heights = page.eval_on_selector_all(
        ".btn, .nav-line, .form-control, .form-select, summary, .choices label",
        "all => all.filter(one => one.offsetParent).map(one => [one.className, one.getBoundingClientRect().height])",
    )

    assert [name for name, height in heights if height < 44] == []


def test_a_chart_is_drawn_from_the_table_that_stays_for_reading(sample):
    page = sample()

    chart = page.locator(".chart").first
    expect(chart.locator(".chart-canvas svg")).to_be_visible()
    expect(chart.locator(".chart-canvas")).to_have_attribute("aria-label", "各村受理与化解")
    expect(chart.locator("table")).to_be_hidden()
    chart.locator("summary").click()
    expect(chart.locator("table a.figure").first).to_be_visible()


def test_without_javascript_the_tables_stand_where_the_charts_were(sample):
    page = sample(javascript=False)

    expect(page.locator("table[data-chart]").first).to_be_visible()
    assert page.locator(".map").is_hidden()


def test_the_map_shades_in_classes_names_the_shape_in_focus_and_opens_it(sample):
    page = sample()
    shapes = page.locator(".map-canvas path.leaflet-interactive")
    expect(shapes).to_have_count(6)

    colours = shapes.evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    assert colours[4] == colours[5] != colours[2], "equal figures share a class, the best stands apart"
    expect(page.locator(".map-legend li").last).to_have_text("暂无数据")

    shapes.nth(1).focus()
    expect(page.locator(".map-told")).to_have_text("南沟村 · 上报率 91.50 %")
    page.keyboard.press("Enter")
    page.wait_for_url("**/list/?village=1")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"json": {"type": "FeatureCollection", "features": []}}, "尚未录入边界，请看下方列表，内容相同。"),
        ({"status": 503}, "地图未能加载，请看下方列表，内容相同。"),
    ],
    ids=["no outlines", "no answer"],
)
def test_a_map_without_outlines_or_answer_says_so_and_points_to_the_list(sample, answer, words):
    page = sample(expected=(503,))
    page.route("**/map.json", lambda route: route.fulfill(**answer))
    page.reload()

    expect(page.locator(".map-trouble")).to_have_text(words)
    expect(page.locator(".map")).to_be_hidden()


def test_choosing_another_figure_shades_the_map_anew_without_loading(sample):
    page = sample()
    expect(page.locator(".map-legend li")).to_have_count(5)

    page.select_option("select[data-map-figure]", "open")

    expect(page.locator(".map-told")).to_have_text("未化解")
    expect(page.locator(".map-legend li").first).to_have_text("0 – 1")
    expect(page.locator(".map-legend li")).to_have_count(5)


def test_a_part_is_exchanged_by_htmx_with_the_token_as_header(sample):
    page = sample()

    page.click("form[hx-post] button")

    expect(page.locator("#echo")).to_have_text("收到")


def test_what_a_post_does_not_include_is_refused_kindly_inside_the_shell(sample):
    page = sample("/refused/", expected=(403,))

    expect(page.locator("h1")).to_have_text("您的岗位不能使用此页面")
    expect(page.locator(".side-nav")).to_be_visible()


def test_more_opens_without_javascript_and_closes_with_escape_with_it(sample):
    bare = sample(width=PHONE, javascript=False)
    bare.click("details.more > summary")
    expect(bare.locator(".more-sheet")).to_contain_text("周汇总台账")

    page = sample(width=PHONE)
    page.click("details.more > summary")
    page.keyboard.press("Escape")
    expect(page.locator(".more-sheet")).to_be_hidden()


def test_navigation_shows_where_one_is_and_only_what_the_post_works_with(sample):
    page = sample()

    side = page.locator(".side-nav")
    expect(side.locator("[aria-current=page]")).to_have_text("综合看板")
    expect(side).not_to_contain_text("今日上报")


def test_paper_carries_the_demo_note_and_no_navigation(sample):
    page = sample("/list/")
    page.emulate_media(media="print")

    expect(page.locator(".demo-note").first).to_be_visible()
    expect(page.locator(".paper-tools")).to_be_hidden()


def test_a_page_that_breaks_says_so_kindly(client, settings):
    settings.ROOT_URLCONF = "tests.browser.sample"
    client.raise_request_exception = False

    answer = client.get("/broken/")

    assert answer.status_code == 500
    assert "系统出了点问题" in answer.content.decode()
