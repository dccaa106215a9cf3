"""The door in a real browser: Chinese first, usable by everybody, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from grids.roles import Role
from tests.browser.conftest import DESK, PHONE, wider_than_screen


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nobody_is_kept_from_the_door(open_page, barriers, width):
    page = open_page("/sign-in/", width=width)

    assert barriers(page) == []
    assert wider_than_screen(page) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_the_door_opens_with_name_and_password(open_page, someone, village, javascript):
    user = someone(Role.VILLAGE_DESK, village)
    user.set_password("correct horse battery staple")
    user.save()

    page = open_page("/sign-in/", javascript=javascript)
    page.fill("#id_username", user.username)
    page.fill("#id_password", "correct horse battery staple")
    page.click("form:has(#id_password) button")

    assert "/sign-in/" not in page.url
    expect(page.locator("body")).to_contain_text("张三丰")


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(open_page):
    page = open_page("/sign-in/")

    page.fill("#id_username", "somebody")
    page.fill("#id_password", "wrong")
    page.click("form:has(#id_password) button")

    expect(page.locator("[role=alert]")).to_contain_text("连续输错五次")
    assert page.input_value("#id_username") == "somebody"
    assert page.input_value("#id_password") == ""


@pytest.mark.parametrize("javascript", [True, False])
def test_a_chinese_page_turns_english_and_back_whatever_the_browser_prefers(open_page, javascript):
    page = open_page("/sign-in/", javascript=javascript)
    expect(page.locator("h1")).to_have_text("登录")

    page.click("button[name=language]")
    expect(page.locator("h1")).to_have_text("Sign in")
    assert page.get_attribute("html", "lang") == "en"

    page.click("button[name=language]")
    expect(page.locator("h1")).to_have_text("登录")


def test_in_demo_mode_one_tap_signs_in(open_page, settings, someone, village):
    settings.DEMO = True
    user = someone(Role.VILLAGE_DESK, village)
    User.objects.filter(pk=user.pk).update(username="village")
    user = User.objects.get(pk=user.pk)
    user.set_password(settings.DEMO_PASSWORD)
    user.save()

    page = open_page("/sign-in/", width=PHONE)
    expect(page.locator(".demo-note").first).to_have_text("演示数据·人员与案情均为虚构")
    page.click("button.demo-person")

    assert "/sign-in/" not in page.url


def test_outside_demo_mode_no_sign_in_is_offered_and_no_password_printed(open_page, settings, someone, village):
    settings.DEMO = False
    user = someone(Role.VILLAGE_DESK, village)
    User.objects.filter(pk=user.pk).update(username="village")

    page = open_page("/sign-in/")

    assert page.locator("button.demo-person").count() == 0
    assert settings.DEMO_PASSWORD not in page.content()
    assert page.locator(".demo-note").count() == 0


def test_a_person_without_a_post_reads_whom_to_ask(sign_in, someone, barriers):
    page = sign_in(someone(), "/", width=PHONE)

    expect(page.locator("main")).to_contain_text(re.compile("系统管理员"))
    assert barriers(page) == []


def test_a_missing_page_is_friendly(open_page, barriers):
    page = open_page("/nothing/here/", expected=(404,))

    expect(page.locator("h1")).to_have_text("没有找到这个页面")
    assert barriers(page) == []
