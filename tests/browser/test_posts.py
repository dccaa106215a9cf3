"""Posts in a real browser: appointing, leave and handing over on a phone and at a desk, with and without JavaScript."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from accounts.models import User
from common import clock
from grids import staffing, teams
from grids.models import TownProfile
from grids.roles import Role
from tests.browser.conftest import DESK, PHONE, wider_than_screen


@pytest.fixture
def desk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def worker(someone, grid):
    return someone(Role.GRID_WORKER, grid, full_time=False, origin="ranger", public_phone="0355-6381234")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nobody_is_kept_from_posts(width, sign_in, barriers, desk, worker, grid, village, town):
    TownProfile.objects.update(staffing="1-1-1-n", supervision_phone="0355-6380000")
    team = teams.found(area=village, kind="volunteer", name="志愿队", base="村部", from_day=clock.today(), by=None)
    teams.add(team=team, user=worker, leads=True, from_day=clock.today(), by=None)
    post = worker.posts.get()
    first = clock.today()
    staffing.grant_leave(post=post, from_day=first, until_day=first + dt.timedelta(days=2), reason="事假",
                         stand_in=None, by=None)  # fmt: skip
    page = sign_in(desk, "/", width=width)

    for address in [
        f"/areas/{village.code}/posts/", f"/areas/{grid.code}/posts/new/", f"/posts/{post.pk}/",
        f"/posts/{post.pk}/hand-over/", f"/posts/of/{worker.pk}/", "/posts/mine/",
        f"/areas/{town.code}/vacancies/", f"/areas/{town.code}/staffing/",
        f"/areas/{town.code}/staffing/rows/", f"/areas/{village.code}/notices/", f"/rights/ask/?who={worker.username}",
        f"/areas/{town.code}/area-cadres/",
        f"/areas/{town.code}/teams/", f"/teams/{team.pk}/", f"/notices/{grid.code}/",
        "/rights/", "/rights/?role=25", f"/rights/ask/?action=report.view&record={grid.code}",
    ]:  # fmt: skip
        page.goto(address)
        assert barriers(page) == [], address
        assert wider_than_screen(page) == 0, address


@pytest.mark.parametrize(("width", "javascript"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_a_worker_is_appointed_goes_on_leave_and_hands_over(width, javascript, sign_in, desk, someone, grid):
    leader = someone(Role.GRID_LEADER, grid)
    User.objects.filter(pk=leader.pk).update(name="马小虎")
    page = sign_in(desk, f"/areas/{grid.code}/posts/", width=width, javascript=javascript)

    page.click("main >> text=任命")
    page.select_option("#id_role", label="网格员")
    page.fill("#id_new_name", "韩梅梅")
    page.click("form[method=post] >> text=任命")
    expect(page.locator("h1")).to_contain_text("韩梅梅 · 网格员")

    page.click("summary:text-is('登记请假')")
    today = clock.today()
    page.fill("#id_leave_first", today.isoformat())
    page.fill("#id_leave_last", today.isoformat())
    page.fill("#id_leave_reason", "看病")
    page.select_option("#id_leave_stand_in", str(leader.pk))
    page.click("details[open] button")
    expect(page.locator("main")).to_contain_text("代班: 马小虎 · 看病")

    post = User.objects.get(name="韩梅梅").posts.get()
    type(post).objects.filter(pk=post.pk).update(from_day=today - dt.timedelta(days=30))
    page.reload()
    page.click("main >> text=交接")
    page.check(f"input[name=to][value='{leader.pk}']")
    page.click("form[method=post] button:text-is('交接')")
    expect(page.locator("h1")).to_contain_text("马小虎 · 网格员")
