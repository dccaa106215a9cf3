"""Changing places in a real browser, as the town's desk does it: each act from its form over the preview to the list of
changes, and the ways back; at a desk and on a phone, with and without JavaScript."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from common import clock
from grids import places
from grids.models import Area, AreaAct
from grids.places import Opening
from households.models import Household
from tests.browser.conftest import DESK, PHONE, wider_than_screen
from tests.grids.outlines import draw, square
from tests.grids.reshaping_town import FIRST, SECOND, SINCE, Ground

G1, G2 = f"{FIRST}001", f"{FIRST}002"


@pytest.fixture
def ground(town, someone):
    """Two villages with grids, micro-grids and households; both grids of the first are drawn, one empty grid."""
    made = Ground(town, someone)
    empty = Opening("grid", f"{FIRST}005", "空网格", made.at(FIRST))
    places.open_areas(openings=[empty], on=SINCE, by=None)
    for code, (x, side) in {FIRST: (0, 2000), G1: (0, 1000), G2: (1000, 1000)}.items():
        draw(made.at(code), square(x, 0, side), SINCE)
    return made


@pytest.fixture
def walk(sign_in, ground):
    """walk(width, javascript): a page of the town's desk that says yes to every question."""

    def enter(width, javascript):
        page = sign_in(ground.desk, f"/areas/{FIRST}/", width=width, javascript=javascript, expected=(422,))
        page.on("dialog", lambda question: question.accept())
        return page

    return enter


def at(name):
    return Area.objects.get(name=name, ended_on=None, code__startswith=FIRST)


def look_and_confirm(page, *told):
    """From the form to the preview, which tells what it touches, and on."""
    page.click("text=查看涉及内容")
    for words in told:
        expect(page.locator("main")).to_contain_text(words)
    assert wider_than_screen(page) == 0
    follow(page, page.locator("button[name=confirm]"))


def take_back(page, words):
    follow(page, page.locator("li", has_text=words).locator("button:has-text('撤回')"))


def follow(page, button):
    """Presses and waits for the next page: what was done is done then."""
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, False)])
def test_a_desk_walks_through_every_act_and_back(walk, ground, barriers, width, javascript):
    page = walk(width, javascript)
    page.click("text=区划调整")
    expect(page.locator("h1")).to_contain_text("东良村")

    # move a grid to the other village, and take that back
    page.goto(f"/areas/{G2}/changes/move/")
    page.select_option("#id_parent", label=f"南沟村 ({SECOND})")
    look_and_confirm(page, "南沟村", f"{SECOND}002", "农户")
    assert Area.objects.get(name="第2网格").parent.code == SECOND
    take_back(page, "南沟村")
    assert at("第2网格").code == G2

    # give a household to a new micro-grid
    page.goto(f"/areas/{G1}00001/changes/split/")
    page.check("input[name=keeps][value=yes]")
    page.fill("#id_name_1", "三号微网格")
    home = Household.objects.filter(area__code=f"{G1}00001").order_by("pk").first()
    page.select_option(f"#id_home_{home.pk}", "1")
    look_and_confirm(page, "三号微网格", f"{G1}00003")
    assert Household.objects.get(pk=home.pk).area == at("三号微网格")

    # merge both grids: the outline comes along, the old page names the new one
    page.goto(f"/areas/{G1}/changes/merge/")
    page.check(f"input[name=areas][value='{at('第2网格').pk}']")
    page.fill("#id_name", "河东网格")
    look_and_confirm(page, "河东网格", "边界由它们的边界合成", "网格员")
    new = at("河东网格")
    assert new.boundaries.get().source == "computed"
    page.goto(f"/areas/{G2}/")
    page.click("text=河东网格")
    expect(page.locator("h1")).to_contain_text("河东网格")
    if javascript:
        assert barriers(page) == []

    # and apart again
    page.goto(f"/areas/{new.code}/changes/")
    take_back(page, "合并为河东网格")
    assert at("第1网格").boundaries.get(until_day=None).source == "drawn"

    # end what is empty; what is not empty says what lies there
    page.goto(f"/areas/{FIRST}005/changes/end/")
    look_and_confirm(page, "空网格")
    assert Area.objects.get(code=f"{FIRST}005").ended_on == clock.today()
    page.goto(f"/areas/{G1}/changes/end/")
    page.click("text=查看涉及内容")
    expect(page.locator("[role=alert]")).to_contain_text("微网格")

    # plan a new name for tomorrow, and withdraw it
    page.goto(f"/areas/{G1}/changes/rename/")
    page.fill("#id_name", "河西网格")
    page.fill("#id_on", (clock.today() + dt.timedelta(days=1)).isoformat())
    look_and_confirm(page, "河西网格")
    assert AreaAct.objects.get(kind="rename").state == "planned"
    follow(page, page.locator("text=取消计划"))
    assert AreaAct.objects.get(kind="rename").state == "withdrawn"

    # correct a name from the first day on, with the reason; the old address leads on after a code was corrected
    page.goto(f"/areas/{G1}/changes/correct/")
    page.fill("#id_name", "东良第一网格")
    page.fill("#id_code", f"{FIRST}031")
    page.fill("#id_on", SINCE.isoformat())
    page.fill("#id_reason", "建镇时录错")
    look_and_confirm(page, "东良第一网格")
    page.goto(f"/areas/{G1}/posts/")
    assert page.url.endswith(f"/areas/{FIRST}031/posts/")

    # correct a post backwards
    post = ground.worker[G1].posts.get()
    page.goto(f"/posts/{post.pk}/")
    page.click("summary:has-text('更正（当初登记有误）')")
    page.fill("#id_correct_from_day", "2026-03-02")
    page.fill("#id_correct_reason", "三月才到岗")
    page.click("details[open] >> button:has-text('更正（当初登记有误）')")
    expect(page.locator("dl.facts")).to_contain_text("2026年3月2日")
    if javascript:
        assert barriers(page) == []


@pytest.mark.parametrize(("width", "javascript"), [(PHONE, True), (PHONE, False)])
def test_a_town_changes_its_settings(sign_in, ground, barriers, width, javascript):
    page = sign_in(ground.desk, f"/areas/{ground.town.code}/", width=width, javascript=javascript)
    page.click("text=本镇设置")
    page.fill("#id_duty_cut_off", "18:30")
    page.click("button:has-text('更改规定')")
    expect(page.locator("table").first).to_contain_text("18:30")
    page.fill("#id_levels_label_grid", "片区")
    page.click("text=保存名称")
    expect(page.locator("main")).to_contain_text("片区 · 报日报")
    if javascript:
        assert barriers(page) == []
        assert wider_than_screen(page) == 0
