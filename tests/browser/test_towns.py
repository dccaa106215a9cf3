"""Two real towns from an empty database to the first report, through the screens alone: places, people, posts, slips.

`make towns` goes the whole way with every person of both towns, and with PICTURES=folder leaves pictures of it there
(those of docs/zh/建镇手册.md); the suite goes the same way with fewer people. All names and numbers are invented."""

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.models import User
from grids.models import Area, Post
from grids.roles import Role
from screening.models import DailyReport
from tests.accounts.test_second_factor import code_at
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_setting_up import counted, rows_of_xiawa, rows_of_yuwang, set_up

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = os.environ.get("GOV_TOWNS") == "whole"
PICTURES = os.environ.get("GOV_PICTURES")  # a folder
PASSWORD = "Winter-jujube 2026"
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ["建国", "秀英", "桂兰", "志强", "红梅", "立新", "小燕", "海涛", "春生", "玉珍", "长河", "文娟", "永福", "晓东"]
ORIGINS = ["村干部", "辅警", "交通劝导员", "保洁员", "护林员"]


@dataclass(frozen=True)
class Town:
    """What is typed in for a town, and what must stand there in the end."""

    county: str
    code: str
    word: str
    preset: str
    staffing: str
    rows_of: Callable
    areas: dict
    posts: dict  # role: people in the whole table
    one: str  # the grid whose people alone come in the suite, and whose notice is looked at


XIAWA = Town(
    "371603000000", "371603101000", "xiawa", "grid", "1-4", rows_of_xiawa,
    {"dedicated": 1, "grid": 67, "town": 1, "village": 62}, {Role.GRID_WORKER: 340}, "冬枣商圈",
)  # fmt: skip
YUWANG = Town(
    "140828000000", "140828106000", "yuwang", "grid-small-micro", "1-1-1-n", rows_of_yuwang,
    {"grid": 41, "micro_grid": 431, "small_grid": 139, "town": 1, "village": 12},
    {Role.GRID_LEADER: 41, Role.GRID_WORKER: 41, Role.GRID_ASSISTANT: 41}, "第1网格",
)  # fmt: skip


class Way:
    """One person's browser, and the pictures on the way."""

    def __init__(self, open_page, town, **window):
        self.page, self.town = open_page("/", **window), town
        self.page.set_default_timeout(60_000)  # hundreds of people in one table, on a busy machine
        self.page.on("dialog", lambda dialog: dialog.accept())

    def shown(self, name):
        if PICTURES:
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=Path(PICTURES) / f"{self.town.word}-{name}.png")

    def sign_in(self, username):
        """By password, and where it is asked for with an app that is set up now."""
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form:has(#id_password) button")
        if self.page.locator(".factor-key").count():
            secret = self.page.inner_text(".factor-key").replace(" ", "")
            self.page.fill("[name=code]", code_at(secret))
            self.page.click("main form .btn-primary")
            self.page.click("text=返回")
        return self

    def first_time(self, username, code, own_phone=False):
        self.page.click("text=凭登录条首次登录")
        self.page.fill("#id_username", username)
        self.page.fill("#id_code", code)
        self.page.click("main form .btn-primary")
        self.page.fill("#id_new_password", PASSWORD)
        self.page.fill("#id_again", PASSWORD)
        if own_phone:
            self.page.check("#id_own_phone")
        self.shown("16-first-phone" if own_phone else "8-first")
        self.page.click("main form .btn-primary")
        return self

    def by_menu(self, label):
        self.page.click(f".side a:has-text('{label}')")

    def code_of(self, name):
        """The one-time code on the slip of somebody."""
        slip = self.page.locator(".slip", has=self.page.locator(f"h2:text-is('{name}')"))
        return slip.locator(".slip-word").nth(1).inner_text()


@pytest.fixture
def begun(settings, monkeypatch, transactional_db):
    """begun(town): the operator's two commands on an empty installation."""
    settings.DEMO = False

    def make(town):
        for username, name, role in [("qin.liang", "秦亮", "system"), ("wu.yan", "吴燕", "security")]:
            monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
            call_command("first_admin", username, name, county=town.county, role=role, stdout=io.StringIO())

    return make


def filled(path, only):
    """The template of people with invented names and numbers in its vacant posts; `only`: in those of one grid."""
    book = load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(number for number, row in enumerate(rows) if "姓名" in row)
    head, people = {label: number + 1 for number, label in enumerate(rows[top])}, count()
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        post = row[head["岗位"] - 1]
        if post not in {"网格员", "网格长", "网格辅助员"} or (only and only not in row):
            continue
        person = next(people)
        said = {"姓名": FAMILY[person % 32] + GIVEN[person // 32], "手机号": f"138{54300000 + person}"}
        if post == "网格员":
            said["公示电话"] = f"0543-73{person:05d}"
        if row[head["专职或兼职"] - 1] == "兼职":
            said["来源"] = ORIGINS[person % 5]
        for label, value in said.items():
            sheet.cell(number, head[label], value)
    stream = io.BytesIO()
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "人员.xlsx", "mimeType": kind, "buffer": stream.getvalue()}


def the_place(way, town, barriers):
    """The system administrator: the places, then the first person of the town and a slip."""
    found = []

    def shown(name):
        way.shown(name)
        found.extend(barriers(way.page))

    way.sign_in("qin.liang")
    expect(way.page.locator("h1")).to_have_text("建镇")
    set_up(way.page, town.word, town.preset, town.rows_of, shown=shown)
    assert found == []
    assert counted(town.code) == town.areas
    way.page.click("main a:has-text('录入人员')")
    way.page.fill("#id_name", "许文静")
    way.page.fill("#id_phone", "13905430001")
    way.page.select_option("#id_area", town.code)
    way.shown("7-person")
    way.page.click("main form .btn-primary")
    way.page.click("button:has-text('打印登录条')")
    return way.code_of("许文静")


def the_desk(way):
    """The security administrator appoints the person."""
    way.sign_in("wu.yan")
    way.by_menu("人员")
    way.page.click("text=许文静")
    way.page.click("main >> text=任命岗位")
    way.page.select_option("#id_role", label="镇综治中心工作人员")
    way.page.check("input[name=person]")
    way.shown("8-appoint")
    way.page.click("form[method=post] .btn-primary")
    expect(way.page.locator("h1")).to_contain_text("许文静 · 镇综治中心工作人员")


def the_people(way, town):
    """The town's desk: staffing template, people and posts by a table, slips."""
    expect(way.page.locator("h1")).to_contain_text("已设立")
    way.shown("9-next")
    way.page.click("main li a:has-text('配备模板')")
    way.page.check(f"input[name=staffing][value='{town.staffing}']")
    way.page.fill("#id_supervision_phone", "0543-7320000")
    way.shown("10-staffing")
    way.page.click("main form .btn-primary")
    way.shown("11-vacant")
    way.by_menu("人员")
    way.page.click("main a:has-text('导入表格')")
    with way.page.expect_download() as template:
        way.page.click("main a:has-text('人员模板')")
    way.page.set_input_files("[type=file]", filled(template.value.path(), "" if WHOLE else town.one))
    way.shown("12-import")
    way.page.click("main form .btn-primary")
    way.shown("13-preview")
    way.page.click("text=确认导入")
    expect(way.page.locator("h1")).to_have_text("表格已导入", timeout=60_000)
    way.shown("14-imported")
    way.page.click("text=为新增人员打印登录条")
    expect(way.page.locator(".slip").first).to_be_visible(timeout=60_000)
    way.shown("15-slips")


def the_worker(open_page, town, code):
    """On a phone: the slip, a password, nothing found today."""
    way = Way(open_page, town, width=PHONE)
    worker = Post.objects.filter(role=Role.GRID_WORKER, area__name__contains=town.one).earliest("pk").user
    way.first_time(worker.username, code(worker.name), own_phone=True)
    way.shown("17-today")
    way.page.click("text=今天无事")
    expect(way.page.locator(".receipt")).to_contain_text("零报告")
    way.shown("18-filed")
    report = DailyReport.objects.get()
    assert (report.worker, report.nil) == (worker, True)


@pytest.mark.parametrize("town", [XIAWA, YUWANG] if WHOLE else [XIAWA], ids=lambda town: town.word)
def test_a_town_works_from_the_first_command_to_the_first_report(open_page, begun, barriers, town):
    begun(town)
    slip = the_place(Way(open_page, town, width=DESK), town, barriers)
    the_desk(Way(open_page, town, width=DESK))
    desk = Way(open_page, town, width=DESK).first_time("xuwenjing", slip)
    the_people(desk, town)
    the_worker(open_page, town, desk.code_of)

    held = Post.objects.filter(area__town__code=town.code)
    if WHOLE:
        assert {role: held.filter(role=role).count() for role in town.posts} == town.posts
    if town is XIAWA:
        market = Area.objects.get(kind="dedicated")
        assert (market.parent.name, market.anchor.kind, market.code[:12]) == ("下洼镇", "village", market.anchor.code)
    if town is XIAWA and WHOLE:
        assert held.filter(role=Role.GRID_WORKER, full_time=True).count() == 68
    desk.page.goto(f"/areas/{town.code}/vacancies/")
    desk.shown("19-vacancies")
    grid = Area.objects.filter(name__contains=town.one).earliest("pk")
    desk.page.goto(f"/notices/{grid.code}/")
    desk.shown("20-notice")
    expect(desk.page.locator("body")).to_contain_text("0543-7320000")
    for post in Post.objects.filter(area=grid, role=Role.GRID_WORKER):
        expect(desk.page.locator("body")).to_contain_text(post.public_phone)
    assert User.objects.filter(is_active=True, name="许文静").count() == 1
