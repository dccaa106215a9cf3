"""A village's roster through the screens: with a script at a desk, without one on a phone."""

import pytest

from common.spreadsheets import CONTENT_TYPE
from grids.roles import Role
from households.models import Household, Resident
from households.rosters import working
from tests.browser.conftest import PHONE, wider_than_screen
from tests.households.rosters import made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(open_area, grid, village, someone):
    for n, name in enumerate(made.PLACES, start=1):
        open_area("micro_grid", grid, f"140429104201001{n:05d}", name)
    return someone(Role.VILLAGE_DESK, village)


def send(page, content):
    page.set_input_files("[name=file]", {"name": "花名册.xlsx", "mimeType": CONTENT_TYPE, "buffer": content})
    page.click("main form .btn-primary")


def test_a_roster_is_taken_over_and_taken_back_at_the_desk(sign_in, desk, barriers):
    page = sign_in(desk, "/households/")
    page.get_by_role("link", name="导入花名册").click()
    send(page, made.own_merged())
    assert page.get_by_label("家庭成员姓名").input_value() == "name"
    assert "民族、文化程度、婚姻状况" in page.inner_text("main")
    assert barriers(page) == []
    page.get_by_role("button", name="逐行检查").click()
    working.work()
    page.get_by_role("heading", name="导入结果预览").wait_for()  # by itself
    assert barriers(page) == []

    page.get_by_role("button", name="确认导入").click()
    working.work()
    page.get_by_role("heading", name="花名册已导入").wait_for()
    assert Household.objects.count() == len(made.families())

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="撤销本次导入").click()
    page.get_by_role("heading", name="本次导入已撤销").wait_for()
    assert not Resident.objects.exists()


def test_errors_are_told_and_the_file_discarded_on_a_phone_without_a_script(sign_in, desk):
    page = sign_in(desk, "/households/import/", width=PHONE, javascript=False)
    send(page, made.Planted().content())
    page.get_by_role("button", name="逐行检查").click()
    working.work()
    page.get_by_role("link", name="刷新").click()
    assert page.locator("tbody tr").count() == 36  # those of ID numbers are not looked at: the town keeps none
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注错误的花名册").click()
    assert download.value.suggested_filename.startswith("roster-errors-")

    page.get_by_role("button", name="放弃这个文件").click()

    page.get_by_role("heading", name="文件已放弃").wait_for()
    assert not Household.objects.exists()


def test_the_preview_fits_a_phone(sign_in, desk, barriers):
    page = sign_in(desk, "/households/import/", width=PHONE)
    send(page, made.own_merged())
    page.get_by_role("button", name="逐行检查").click()
    working.work()
    page.get_by_role("heading", name="逐条明细").wait_for()

    assert wider_than_screen(page) == 0
    assert barriers(page) == []
