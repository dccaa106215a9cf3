"""Work in the field in a real browser: without a network, over a reload, after the session ended, in two tabs, with a
second person on the same phone; nothing is lost and nothing is doubled."""

import datetime as dt
import re
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from common import clock
from grids.roles import Role
from households import linking
from households.models import Household, PartyMember, PartyOrg
from screening.models import Finding, Visit
from tests.browser.conftest import DESK, PHONE, wider_than_screen
from tests.browser.test_daily_report import OFFLINE, pick, picture

pytestmark = pytest.mark.django_db(transaction=True)
UNSENT = "Object.keys(localStorage).filter(key => key.startsWith('unsent:')).length"
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"


@pytest.fixture
def member(someone, village, micro_grid, grid):
    """A linked party member with three households along a road."""
    user = someone(Role.LINKED_MEMBER, village)
    org = PartyOrg.objects.create(name="东良村党支部", level="branch", area=village)
    made = PartyMember.objects.create(user=user, org=org, area_path=village.path)
    for number, name in enumerate(["王一", "王二", "王三"]):
        home = Household.objects.create(
            code=f"H{number}", name=name, area=micro_grid, area_path=micro_grid.path, town=grid.town,
            village=grid.village, grid=grid, from_day=dt.date(2020, 1, 1), longitude=112 + number / 1000, latitude=36.9,
        )  # fmt: skip
        linking.link(household=home, member=made, from_day=clock.today() - dt.timedelta(days=30), by=None)
    return user


def enter(page, user):
    """Somebody signs in on this phone, in the place of whoever was there."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"url": origin, "name": settings.SESSION_COOKIE_NAME, "value": value}])


def until(page, expression, seconds=10):
    """Waits for what a script says; the page's policy forbids Playwright's own way of waiting."""
    begun = time.monotonic()
    while not page.evaluate(expression):
        assert time.monotonic() - begun < seconds, expression
        page.wait_for_timeout(50)


def stop(page, name):
    return page.locator(".stop", has_text=name)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visit_is_recorded_in_a_few_taps(sign_in, member, javascript):
    page = sign_in(member, "/", width=PHONE, javascript=javascript)
    stop(page, "王一").get_by_role("button", name="家中无人").click()
    expect(page.locator(".stop")).to_have_count(2)

    stop(page, "王二").get_by_role("link", name="家中有人").click()
    pick(page, "户主")
    page.get_by_role("button", name="保存走访").click()

    expect(page.locator(".stop")).to_have_count(1)
    assert list(Visit.objects.order_by("pk").values_list("result", "present")) == [("nobody", []), ("met", ["head"])]


def test_what_was_raised_is_a_case_before_one_has_left_the_door(sign_in, member):
    page = sign_in(member, "/visits/new/?household=H0", width=PHONE)
    page.fill("#id_line", "两家为地界争吵")
    expect(page.locator(".matter")).to_be_hidden()
    pick(page, "登记为矛盾纠纷", "土地领域", "山林土地纠纷")
    page.fill("#id_party_1", "王一")
    picture(page, "visit-matter-390")
    page.get_by_role("button", name="保存走访").click()

    expect(page.locator(".stop")).to_have_count(2)
    assert Finding.objects.get().case.dispute.parties.get().name == "王一"


def test_without_a_network_visits_wait_and_arrive_once(sign_in, member):
    page = sign_in(member, "/visits/round/", width=PHONE, expected=(OFFLINE,))
    page.context.set_offline(True)
    for name in ("王一", "王二"):
        stop(page, name).get_by_role("button", name="家中无人").click()
        expect(stop(page, name).get_by_role("button", name="家中无人")).to_be_disabled()
    expect(page.locator(".unsent-list li")).to_have_count(2)
    picture(page, "round-unsent-390")

    page.context.set_offline(False)
    expect(page.locator(".stop")).to_have_count(1)
    expect(page.locator("#unsent")).to_be_hidden()
    assert Visit.objects.count() == 2
    assert page.evaluate(UNSENT) == 0


def test_typed_text_survives_a_reload_and_goes_with_its_receipt(sign_in, member):
    page = sign_in(member, "/visits/new/?household=H0", width=PHONE)
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.fill("#id_line", "路灯不亮 110101199003078888")
    pick(page, "配偶")
    page.reload()

    expect(page.locator("#id_line")).to_have_value("路灯不亮 ")  # an ID number stays on no phone
    assert page.is_checked("input[value=spouse]")
    page.get_by_role("button", name="保存走访").click()
    expect(page.locator(".stop")).to_have_count(2)
    assert page.evaluate(DRAFTS) == 0
    assert Visit.objects.get().line == "路灯不亮"


def test_an_id_number_is_neither_sent_nor_kept(sign_in, member):
    page = sign_in(member, "/visits/new/?household=H0", width=PHONE)
    page.fill("#id_line", "办证 110101199003078888")
    page.get_by_role("button", name="保存走访").click()

    expect(page.locator("[data-errors]")).to_contain_text("不要写身份证号")
    assert "110101199003078888" not in page.evaluate("JSON.stringify(localStorage)")
    assert not Visit.objects.exists()


def test_after_the_session_ended_one_signs_in_and_it_is_sent_by_itself(sign_in, member):
    page = sign_in(member, "/visits/round/", width=PHONE, expected=(403,))
    Session.objects.all().delete()
    stop(page, "王一").get_by_role("button", name="家中无人").click()
    expect(page.locator(".unsent-sign-in")).to_be_visible()
    assert not Visit.objects.exists()

    enter(page, member)
    page.goto("/visits/round/")
    expect(page.locator(".stop")).to_have_count(2)
    assert Visit.objects.count() == 1


def test_a_stale_token_keeps_the_form_until_the_page_is_there_anew(sign_in, member):
    page = sign_in(member, "/visits/round/", width=PHONE, expected=(403,))
    page.context.add_cookies([{"url": page.evaluate("location.origin"), "name": "csrftoken", "value": "stale"}])
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => { field.value = 'y' })")
    stop(page, "王一").get_by_role("button", name="家中无人").click()
    expect(page.locator(".unsent-list li")).to_have_count(1)
    page.context.clear_cookies(name="csrftoken")

    page.goto("/visits/round/")
    expect(page.locator(".stop")).to_have_count(2)
    assert Visit.objects.count() == 1


def test_the_next_person_on_the_phone_neither_sees_nor_sends_it(sign_in, member, someone, village):
    page = sign_in(member, "/visits/round/", width=PHONE, expected=(OFFLINE, 403))
    page.context.set_offline(True)
    stop(page, "王一").get_by_role("button", name="家中无人").click()
    expect(page.locator(".unsent-list li")).to_have_count(1)
    enter(page, someone(Role.VILLAGE_DESK, village))
    page.context.set_offline(False)  # the page of the one before sends what waits, and the server does not take it
    expect(page.locator(".unsent-sign-in")).to_be_visible()
    page.goto("/desk/")

    expect(page.locator(".unsent-others")).to_be_visible()
    expect(page.locator(".unsent-list li")).to_have_count(0)
    assert not Visit.objects.exists()
    enter(page, member)
    page.goto("/visits/round/")
    expect(page.locator(".stop")).to_have_count(2)
    assert Visit.objects.get().by == member


def test_signing_out_asks_first_and_leaves_nothing(sign_in, member):
    page = sign_in(member, "/visits/round/", width=PHONE, expected=("net::ERR_FAILED",))
    page.route("**/api/v1/visits/", lambda route: route.abort())
    stop(page, "王一").get_by_role("button", name="家中无人").click()
    expect(page.locator(".unsent-list li")).to_have_count(1)
    asked, answers = [], iter([False, True])

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept() if next(answers) else dialog.dismiss()

    page.on("dialog", answer)
    leave = page.locator(".phone-bar form[data-leaves] button")
    page.locator(".phone-bar summary").click()
    leave.click()
    assert page.evaluate(UNSENT) == 1
    leave.click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    assert len(asked) == 2
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"


def test_the_entry_pages_open_without_a_network_until_one_signs_out(sign_in, member):
    page = sign_in(member, "/visits/round/", width=PHONE, worker=True, expected=("ERR_",))
    until(page, "navigator.serviceWorker.controller && caches.match('/visits/new/').then(Boolean)")
    page.reload()
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".stop")).to_have_count(3)

    stop(page, "王二").get_by_role("link", name="家中有人").click()
    expect(page.locator("#id_household")).to_have_value("H1")  # the form that chooses, with the household asked for
    pick(page, "户主")
    page.get_by_role("button", name="保存走访").click()
    expect(page.locator(".unsent-list li")).to_have_count(1)
    page.context.set_offline(False)
    expect(page.locator("#unsent")).to_be_hidden()
    assert Visit.objects.get().household.code == "H1"

    page.goto("/visits/round/")
    page.locator(".phone-bar summary").click()
    page.locator(".phone-bar form[data-leaves] button").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    assert page.evaluate("caches.has('pages')") is False


def test_the_worker_is_switched_off_on_the_account_page_and_by_the_server(sign_in, member, settings):
    page = sign_in(member, "/visits/round/", width=PHONE, worker=True)
    until(page, "Boolean(navigator.serviceWorker.controller)")
    page.goto("/me/")
    page.locator("[data-offline-switch] input").uncheck()
    registered = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
    until(page, f"{registered}.then(n => n === 0)")
    page.goto("/visits/round/")
    assert page.evaluate(registered) == 0

    page.goto("/me/")
    page.locator("[data-offline-switch] input").check()
    until(page, f"{registered}.then(n => n === 1)")
    settings.OFFLINE_PAGES = False
    page.goto("/visits/round/")
    page.wait_for_function(
        f"() => Promise.all([{registered}, caches.keys()]).then(([n, names]) => n + names.length === 0)"
    )
    assert "unregister" in page.request.get("/sw.js").text()


PAGES = {
    "round": "/visits/round/", "visit-form": "/visits/new/?household=H0", "visits": "/visits/", "due": "/visits/due/",
}  # fmt: skip


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_from_the_pages(sign_in, barriers, member, name, width):
    page = sign_in(member, PAGES[name], width=width)
    picture(page, f"{name}-{width}")

    assert barriers(page) == []
    assert wider_than_screen(page) == 0
