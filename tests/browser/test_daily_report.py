"""The daily report in a real browser: one tap, a minute at most, without JavaScript, without a connection."""

import datetime as dt
import os
import re
import time

import pytest
from playwright.sync_api import expect

from common import clock
from grids.models import Leave
from grids.roles import Role
from households.models import Household
from screening import reporting
from screening.models import DailyReport, DutyRule, Finding, Submission
from tests.browser.conftest import DESK, PHONE, wider_than_screen

NIL = "今天无事（零报告）"


@pytest.fixture
def worker(someone, grid):
    return someone(Role.GRID_WORKER, grid, from_day=clock.today() - dt.timedelta(days=2))


@pytest.fixture
def late_evening(town):
    """The town gives its workers until one minute before midnight, so that a test at night is on time too."""
    return DutyRule.objects.create(town=town, cut_off=dt.time(23, 59, 59), from_day=dt.date(2020, 1, 1))


@pytest.fixture
def household(grid, micro_grid):
    return Household.objects.create(
        code=f"{micro_grid.code}-001", name="王五", area=micro_grid, area_path=micro_grid.path, town=grid.town,
        village=grid.village, grid=grid, from_day=dt.date(2020, 1, 1),
    )  # fmt: skip


def picture(page, name):
    """Keeps a picture of the page where GOV_PICTURES names a folder."""
    if folder := os.environ.get("GOV_PICTURES"):
        page.screenshot(path=os.path.join(folder, f"{name}.png"), full_page=True)


def pick(page, *labels):
    for label in labels:
        page.get_by_text(label, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_nothing_found_is_one_tap_and_the_receipt_is_the_servers(sign_in, worker, late_evening, javascript):
    page = sign_in(worker, "/", width=PHONE, javascript=javascript)
    button = page.get_by_role("button", name=NIL)
    assert button.bounding_box()["y"] + button.bounding_box()["height"] < 780  # in sight without scrolling

    button.click()

    expect(page.locator(".receipt-line")).to_have_text(re.compile(r"\d\d:\d\d已收到，按时"))
    expect(page.get_by_role("button", name=NIL)).to_have_count(0)
    assert (DailyReport.objects.count(), Submission.objects.count()) == (1, 1)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_matter_is_filed_within_a_minute(sign_in, worker, late_evening, household, javascript):
    page = sign_in(worker, "/", width=PHONE, javascript=javascript)
    begun = time.monotonic()

    page.get_by_role("link", name="发现问题").click()
    pick(page, "土地领域")
    pick(page, "山林土地纠纷")
    page.fill("#id_line", "两家为地界争吵")
    page.fill("#id_household", "王五")
    pick(page, "登记为矛盾纠纷")
    page.fill("#id_party_1", "王五")
    page.fill("#id_party_2", "赵六")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator(".finding-line")).to_have_text("两家为地界争吵")

    assert time.monotonic() - begun < 60
    expect(page.get_by_role("link", name="又发现一件")).to_be_visible()
    row = Finding.objects.get()
    assert (row.household, row.case.dispute.parties.count()) == (household, 2)


def test_only_fitting_categories_are_shown_until_all_are_asked_for(sign_in, worker, grid, micro_grid):
    page = sign_in(worker, f"/today/found/?area={grid.code}&day={clock.today()}", width=PHONE)
    shown = page.locator(".category .pick:visible")
    expect(shown).to_have_count(0)

    pick(page, "土地领域")
    expect(shown).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE  # none of them beyond the right edge
    pick(page, "显示全部类别")
    expect(shown).to_have_count(18)


def test_what_is_missing_is_told_beside_its_place_and_nothing_typed_is_lost(sign_in, worker, grid, micro_grid):
    page = sign_in(worker, f"/today/found/?area={grid.code}&day={clock.today()}", width=PHONE, expected=(400,))

    page.fill("#id_line", "两家为地界争吵")
    page.get_by_role("button", name="上报", exact=True).click()

    expect(page.locator('[data-error="field"]')).not_to_be_empty()
    expect(page.locator('[data-error="category"]')).not_to_be_empty()
    assert page.input_value("#id_line") == "两家为地界争吵"
    picture(page, "found-errors-390")
    assert not Submission.objects.exists()


OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


def test_what_cannot_be_sent_waits_on_the_phone_and_arrives_once(sign_in, worker, grid, late_evening):
    page = sign_in(worker, "/today/", width=PHONE, expected=(OFFLINE,))
    window = page.context

    window.set_offline(True)
    page.get_by_role("button", name=NIL).click()
    waiting = page.locator(".unsent-list li")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("没有网络")
    expect(page.get_by_role("button", name=NIL)).to_be_disabled()
    picture(page, "unsent-390")
    assert not DailyReport.objects.exists()

    window.set_offline(False)  # the phone notices and sends by itself
    expect(page.locator(".receipt-line")).to_be_visible()
    page.reload()

    expect(page.locator(".receipt-line")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden()
    assert (DailyReport.objects.count(), Submission.objects.count()) == (1, 1)
    assert Submission.objects.get().captured_at is not None
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsent:')).length") == 0


def test_a_lost_answer_is_asked_for_again_and_makes_no_second_row(sign_in, worker, grid, late_evening):
    page = sign_in(worker, "/today/", width=PHONE, expected=("net::ERR_FAILED",))

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/api/v1/reports/", lose_the_answer, times=1)
    page.get_by_role("button", name=NIL).click()
    expect(page.locator(".unsent-list li")).to_have_count(1)
    assert DailyReport.objects.count() == 1

    page.reload()
    expect(page.locator(".receipt-line")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden()
    assert Submission.objects.count() == 1


def test_two_tabs_without_connection_lose_nothing(sign_in, worker, grid, micro_grid, late_evening):
    address = f"/today/found/?area={grid.code}&day={clock.today()}"
    first = sign_in(worker, address, width=PHONE, expected=(OFFLINE,))
    second = first.context.new_page()
    second.goto(first.url)
    first.context.set_offline(True)

    for page, line in [(first, "第一件"), (second, "第二件")]:
        pick(page, "土地领域")
        pick(page, "山林土地纠纷")
        page.fill("#id_line", line)
        page.get_by_role("button", name="上报", exact=True).click()
        expect(page.locator(".unsent-list")).to_contain_text(line)
    first.context.set_offline(False)
    expect(second.locator("#unsent")).to_be_hidden()
    first.goto("/today/")

    expect(first.locator(".finding-line")).to_have_count(2)
    expect(first.locator("#unsent")).to_be_hidden()
    second.goto("/today/")
    assert sorted(Finding.objects.values_list("line", flat=True)) == ["第一件", "第二件"]
    assert DailyReport.objects.count() == 1


def test_what_one_person_left_on_a_phone_is_not_sent_by_the_next(sign_in, worker, someone, grid, late_evening):
    page = sign_in(worker, "/today/", width=PHONE, expected=(OFFLINE,))
    page.context.set_offline(True)
    page.get_by_role("button", name=NIL).click()
    expect(page.locator(".unsent-list li")).to_have_count(1)
    left = page.evaluate("JSON.stringify(localStorage)")

    other = sign_in(someone(Role.GRID_WORKER, grid), "/today/", width=PHONE)
    other.evaluate("(left) => Object.entries(JSON.parse(left)).forEach(([k, v]) => localStorage.setItem(k, v))", left)
    other.reload()

    expect(other.locator(".unsent-others")).to_be_visible()
    assert not DailyReport.objects.exists()


def test_a_refused_report_is_kept_with_its_reason_until_somebody_discards_it(sign_in, worker, grid, late_evening):
    page = sign_in(worker, "/today/", width=PHONE, expected=(OFFLINE, 400))
    page.context.set_offline(True)
    page.get_by_role("button", name=NIL).click()
    expect(page.locator(".unsent-list li")).to_have_count(1)
    page.evaluate(
        "(day) => { const key = Object.keys(localStorage).find(key => key.startsWith('unsent:'));"
        " const item = JSON.parse(localStorage[key]);"
        " item.body.day = day; localStorage[key] = JSON.stringify(item); }",
        str(clock.today() + dt.timedelta(days=1)),
    )
    page.context.set_offline(False)
    page.goto("/today/")

    expect(page.locator(".unsent-why")).to_contain_text("那一天还没有到")
    page.reload()
    expect(page.locator(".unsent-why")).to_contain_text("那一天还没有到")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="丢弃").click()
    expect(page.locator("#unsent")).to_be_hidden()


@pytest.fixture
def busy_day(town, village, grid, micro_grid, worker, household, someone, open_area, late_evening):
    """A village with a report of two matters, a grid that has not reported and one on leave."""
    reporting.file_report(
        by=worker, area=grid, day=clock.today(), client_id="6f1f0a51-3d4e-4b53-9d0f-0a8f3f2b1c11",
        findings=[
            {"field": "3", "category": "02", "line": "两家为排水沟争吵", "outcome": "spot", "household": household},
            {"field": "1", "category": "07", "line": "承包地边界不清，两家各执一词", "outcome": "dispute",
             "area": micro_grid, "severity": "03"},
        ],
    )  # fmt: skip
    someone(Role.GRID_WORKER, open_area("grid", village, "140429104201002", "东良村第二网格"))
    away = someone(Role.GRID_WORKER, open_area("grid", village, "140429104201003", "东良村第三网格"))
    Leave.objects.create(
        post=away.posts.get(), reason="培训", from_day=clock.today(),
        until_day=clock.today() + dt.timedelta(days=2),
    )  # fmt: skip
    return DailyReport.objects.get()


PAGES = {
    "today": (Role.GRID_WORKER, "/today/"),
    "found": (Role.GRID_WORKER, "/today/found/?area={grid.code}"),
    "report": (Role.VILLAGE_DESK, "/reports/{report.pk}/"),
    "desk": (Role.VILLAGE_DESK, "/desk/"),
    "reports": (Role.VILLAGE_DESK, "/reports/"),
    "findings": (Role.VILLAGE_DESK, "/findings/"),
    "households": (Role.VILLAGE_DESK, "/households/"),
}


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_from_the_pages(sign_in, barriers, busy_day, grid, village, someone, worker, name, width):
    role, address = PAGES[name]
    user = worker if role == Role.GRID_WORKER else someone(role, village)

    page = sign_in(user, address.format(grid=grid, report=busy_day), width=width)
    picture(page, f"{name}-{width}")

    assert barriers(page) == []
    assert wider_than_screen(page) == 0


def test_the_page_before_anything_is_filed_keeps_nobody_out(sign_in, barriers, worker, late_evening):
    page = sign_in(worker, "/today/", width=PHONE)
    picture(page, "today-open-390")

    assert barriers(page) == []
