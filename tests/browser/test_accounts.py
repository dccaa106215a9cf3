"""Accounts in a real browser: slips, the first sign-in, one's own account, the second factor, import and exports."""

import base64
import io

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django_otp.oath import hotp
from openpyxl import Workbook
from playwright.sync_api import expect

from accounts import second_factor, slips
from accounts.models import User
from common import clock
from grids.roles import Role
from tests.browser.conftest import DESK, PHONE, wider_than_screen

PASSWORD = "brand-New-word-7"


@pytest.fixture
def clerk(someone, town):
    return someone(Role.TOWN_DESK, town)


def well(page, barriers):
    return barriers(page) == [] and wider_than_screen(page) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_a_slip_leads_a_worker_to_a_password_on_his_phone(open_page, someone, grid, clerk, barriers, javascript):
    worker = someone(Role.GRID_WORKER, grid)
    code = slips.make(user=worker, by=clerk)
    page = open_page("/sign-in/", width=PHONE, javascript=javascript)
    page.get_by_role("link", name="凭登录条首次登录").click()
    page.fill("#id_username", worker.username)
    page.fill("#id_code", code)
    page.get_by_role("button", name="下一步").click()
    if javascript:
        assert well(page, barriers)
    page.fill("#id_new_password", PASSWORD)
    page.fill("#id_again", PASSWORD)
    page.check("#id_own_phone")
    page.get_by_role("button", name="设置密码并登录").click()

    expect(page.locator("#messages")).to_contain_text("密码已设置")
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("当前这部")


def test_slips_are_printed_from_the_list(sign_in, clerk, someone, grid, barriers):
    someone(Role.GRID_WORKER, grid)
    page = sign_in(clerk, "/people/")
    page.on("dialog", lambda dialog: dialog.accept())
    assert well(page, barriers)
    page.locator("input[name=person]").last.check()
    page.get_by_role("button", name="为所选人员打印登录条").click()

    expect(page.locator(".slip")).to_have_count(1)
    expect(page.locator(".slip svg")).to_be_visible()
    assert barriers(page) == []


@pytest.mark.parametrize(
    "address", ["/people/", "/people/new/", "/people/import/", "/people/exports/", "/me/", "/me/password/"]
)
def test_pages_of_accounts_fit_a_phone_and_keep_nobody_out(sign_in, clerk, barriers, address):
    assert well(sign_in(clerk, address, width=PHONE), barriers)


def test_a_person_and_what_can_be_done(sign_in, clerk, someone, grid, barriers):
    worker = someone(Role.GRID_WORKER, grid)
    User.objects.filter(pk=worker.pk).update(name="王五")
    page = sign_in(clerk, f"/people/{worker.pk}/", width=PHONE)
    for summary in page.locator("main details > summary").all():
        summary.click()

    assert well(page, barriers)


def test_the_second_factor_is_set_up_and_asked_for(sign_in, open_page, clerk, barriers):
    clerk.set_password(PASSWORD)
    clerk.save()
    page = sign_in(clerk, "/me/second-factor/", expected=(422,))
    assert well(page, barriers)
    expect(page.locator(".factor-qr svg")).to_be_visible()
    secret = base64.b32decode(page.locator(".factor-key").inner_text().replace(" ", ""))
    page.fill("#id_code", f"{hotp(secret, int(clock.now().timestamp()) // 30):06d}")
    page.get_by_role("button", name="完成设置").click()
    expect(page.locator(".recovery li")).to_have_count(10)
    spare = page.locator(".recovery li").first.inner_text()

    page = open_page("/sign-in/?next=/me/")
    page.fill("#id_username", clerk.username)
    page.fill("#id_password", PASSWORD)
    page.click("form:has(#id_password) button")
    assert well(page, barriers)
    page.fill("#id_code", spare)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("h1")).to_have_text("我的账号")
    assert second_factor.of(clerk)


def test_a_form_that_stood_open_too_long_is_sent_after_signing_in_again(sign_in, clerk, barriers):
    clerk.set_password(PASSWORD)
    clerk.save()
    page = sign_in(clerk, "/people/new/", expected=(403, 422))
    page.fill("#id_name", "钱七")
    for session in Session.objects.all():
        held = session.get_decoded() | {"seen": 0}
        session.session_data = Session.objects.encode(held)
        session.save()
    page.get_by_role("button", name="录入", exact=True).click()
    expect(page.locator("main")).to_contain_text("您填写的内容已保留")
    assert well(page, barriers)

    page.fill("#id_password", PASSWORD)
    page.click("form:has(#id_password) button")
    page.get_by_role("button", name="现在发送").click()

    expect(page.locator("h1")).to_have_text("钱七")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_table_is_previewed_in_the_browser(sign_in, clerk, grid, barriers, width):
    book = Workbook()
    for row in (["姓名", "岗位", "村", "网格"], ["王五", "网格员", "东良村", "第一网格"], ["李四", "皇帝", "", ""]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    page = sign_in(clerk, "/people/import/", width=width, expected=(422,))
    page.set_input_files("#id_file", {"name": "人员.xlsx", "mimeType": "", "buffer": stream.getvalue()})
    page.get_by_role("button", name="检查表格").click()

    expect(page.locator("[role=alert]")).to_contain_text("“皇帝”不是岗位名称")
    assert well(page, barriers)


def test_the_limits_are_settings():
    assert settings.SESSION_IDLE.total_seconds() == 900
    assert settings.SESSION_AT_MOST.total_seconds() == 8 * 3600
    assert settings.SESSION_OWN_PHONE.days == 30
