"""Importing people: what a row means, every error by row and column, all or nothing, and twice is once."""

import datetime as dt
import io
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import Workbook

from accounts.models import User
from common import reading
from grids import people_lists, places
from grids.models import Post, TownProfile
from grids.people_import import Plan, What, take_over
from grids.people_lists import COLUMNS
from grids.roles import Role

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "手机号", "岗位", "村", "网格", "专兼职", "起始日期"]
WANG = ["王五", "13800000001", "网格员", "东良村", "第一网格", "专职", "2026-03-01"]


def table(*rows, head=HEAD):
    book = Workbook()
    for row in [head, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return reading.read(io.BytesIO(stream.getvalue()), COLUMNS)


@pytest.fixture
def clerk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def take(town, clerk, grid):
    """take(row, row): takes the rows over; returns the new people."""
    return lambda *rows: take_over(table=table(*rows), town=town, by=clerk)


@pytest.fixture
def problems(town, grid):
    """problems(row): what is wrong, as people read it."""

    def told(*rows):
        read = table(*rows)
        Plan(read, town)
        return [str(problem) for problem in read.in_order]

    return told


def test_a_row_becomes_a_person_with_a_post(take, grid, town):
    (person,) = take(WANG)

    assert (person.name, person.username, person.home_code) == ("王五", "wangwu", town.code)
    post = person.posts.get()
    assert (post.role, post.area, post.full_time, post.from_day) == (Role.GRID_WORKER, grid, True, dt.date(2026, 3, 1))


def test_the_same_table_twice_changes_nothing(take, town, clerk):
    rows = [
        WANG,
        ["赵六", "", "兼职网格员", "东良村", "东良村第一网格", "", ""],
        ["孙七", "", "村委会主任", "东良村", "", "", ""],
    ]
    take(*rows)
    before = set(Post.objects.values_list("pk", "full_time", "from_day")), User.objects.count()

    plan = Plan(table(*rows), town)
    assert [entry.what for entry in plan.entries] == [What.SAME] * 3
    take(*rows)

    assert (set(Post.objects.values_list("pk", "full_time", "from_day")), User.objects.count()) == before


def test_a_post_of_the_template_without_a_name_is_left_out_and_counted(take, town):
    rows = [
        WANG,
        ["", "", "网格员", "东良村", "第一网格", "兼职", ""],
        ["", "", "网格员", "东良村", "第一网格", "兼职", ""],
    ]

    plan = Plan(table(*rows), town)

    assert (plan.unfilled, len(plan.entries), plan.table.problems) == (2, 1, [])
    assert [person.name for person in take(*rows)] == ["王五"]


def test_origin_and_the_phone_of_the_notice_come_along_and_an_empty_cell_takes_nothing_away(take, town, clerk):
    head = [*HEAD, "来源", "公示电话"]

    def brought(*row):
        take_over(table=table(list(row), head=head), town=town, by=clerk)
        post = Post.objects.get(user__name="王五")
        return post.get_origin_display(), post.public_phone

    assert brought(*WANG, "护林员", "0355-6381234") == ("护林员", "0355-6381234")
    assert brought(*WANG, "", "") == ("护林员", "0355-6381234")
    assert brought(*WANG, "保洁员", "") == ("保洁员", "0355-6381234")


@pytest.mark.parametrize(("origin", "phone", "word"), [("和尚", "", "护林员"), ("", "电话", "数字")])
def test_what_is_no_origin_and_no_phone_is_told(town, grid, origin, phone, word):
    read = table([*WANG, origin, phone], head=[*HEAD, "来源", "公示电话"])
    Plan(read, town)

    (told,) = read.in_order
    assert word in str(told)


def test_a_micro_grid_leader_and_a_worker_of_the_market_find_their_place(town, clerk, micro_grid, village):
    market = places.open_area(
        parent=town, kind="dedicated", code="140429104201901", name="冬枣商圈", on=dt.date(2026, 1, 1), anchor=village,
        by=None,
    )  # fmt: skip
    rows = [
        ["李四", "微网格长", "东良村", "第一网格", micro_grid.name],
        ["赵六", "网格员", "", "冬枣商圈", ""],
        ["孙七", "网格员", "东良村", "冬枣商圈", ""],
    ]
    take_over(table=table(*rows, head=["姓名", "岗位", "村", "网格", "微网格"]), town=town, by=clerk)

    assert Post.objects.get(user__name="李四").area == micro_grid
    assert Post.objects.filter(area=market).count() == 2


def test_the_template_names_every_vacant_post_and_comes_back_as_it_is(town, grid, someone, clerk):
    TownProfile.objects.filter(town=town).update(staffing="1-4")
    someone(Role.GRID_WORKER, grid, full_time=False)
    wanted, names, words = people_lists.template(town)
    head = [str(label) for label in wanted.head]
    rows = [dict(zip(head, row, strict=True)) for row in wanted.rows]

    workers = [row["专职或兼职"] for row in rows if (row["村"], row["网格"]) == ("东良村", grid.name)]
    assert workers == ["专职", "兼职", "兼职", "兼职"]
    assert [row["岗位"] for row in rows if not row["网格"]] == ["村综治中心工作人员", "村委会主任"]
    assert ["东良村", grid.name] in list(names.rows)
    assert any("护林员" in row for row in words.rows)

    for number, row in enumerate(rows):
        row |= {"姓名": f"王{number}", "手机号": f"1391234{number:04d}"}
    filled = table(*(list(row.values()) for row in rows), head=head)
    assert len(take_over(table=filled, town=town, by=clerk)) == 6
    assert list(people_lists.template(town)[0].rows) == []


def test_two_rows_of_one_person_are_one_person_with_two_posts(take):
    (person,) = take(WANG, ["王五", "13800000001", "人民调解员", "东良村", "", "兼职", ""])

    assert set(person.posts.values_list("role", flat=True)) == {Role.GRID_WORKER, Role.MEDIATOR}


def test_working_time_and_a_missing_number_are_brought_up_to_date(take, town):
    take(["王五", "", "网格员", "东良村", "第一网格", "专职", ""])
    row = ["王五", "13800000001", "网格员", "东良村", "第一网格", "兼职", ""]
    assert [entry.what for entry in Plan(table(row), town).entries] == [What.CHANGED]

    assert take(row) == []
    person = User.objects.get(name="王五")
    assert person.phone_index
    assert not person.posts.get().full_time


@pytest.mark.parametrize(
    ("change", "column", "word"),
    [
        ({0: ""}, "姓名", "必须"),
        ({1: "1380000"}, "手机号", "十一位"),
        ({2: "皇帝"}, "岗位", "不是岗位名称"),
        ({2: "系统管理员"}, "岗位", "逐一任命"),
        ({3: "西良村"}, "村", "没有“西良村”"),
        ({4: "第九网格"}, "网格", "没有“第九网格”"),
        ({4: ""}, "网格", "没有这个岗位"),
        ({5: "随便"}, "专职或兼职", "专职"),
        ({6: "昨天"}, "起始日期", "2026"),
        ({6: "2019-01-01"}, "起始日期", "尚未设立"),
    ],
)
def test_every_error_names_its_row_and_column(problems, change, column, word):
    row = [change.get(place, value) for place, value in enumerate(WANG)]
    (told,) = problems(["李四", "13800000002", "人民调解员", "东良村", "", "", ""], row)

    assert "3" in told
    assert column in told
    assert word in told


def test_a_row_said_twice_and_a_number_of_somebody_else_are_errors(problems, take):
    take(WANG)
    told = problems(WANG, WANG, ["别人", "13800000001", "人民调解员", "东良村", "", "", ""])

    assert ["重复" in told[0], "另一姓名" in told[1]] == [True, True]


def test_one_error_keeps_everything_out(take):
    with pytest.raises(ValidationError):
        take(WANG, ["李四", "", "皇帝", "", "", "", ""])

    assert not User.objects.filter(name="王五").exists()


def test_who_may_not_appoint_imports_nobody(town, grid, someone):
    with pytest.raises(PermissionDenied):
        take_over(table=table(WANG), town=town, by=someone(Role.SYSTEM_ADMIN, town))
    with pytest.raises(PermissionDenied):
        take_over(table=table(WANG), town=town, by=someone(Role.VILLAGE_DIRECTOR, grid.village))


def test_a_village_of_another_town_is_unknown(problems, open_area, other_town):
    open_area("village", other_town, "140429105201", "西沟村")

    assert "没有“西沟村”" in problems(["王五", "", "人民调解员", "西沟村", "", "", ""])[0]


def test_ending_the_posts_undoes_it(take, clerk):
    from grids import staffing

    (person,) = take(WANG)
    staffing.end_post(post=person.posts.get(), on=dt.date(2026, 11, 1), by=clerk)

    assert not Post.objects.held_on(dt.date(2026, 12, 1)).filter(user=person).exists()


def test_a_hundred_people_come_in_a_few_seconds_and_again_in_none(take, town, open_area, village):
    grids = [open_area("grid", village, f"140429104201{n:03d}", f"第{n}号网格") for n in range(2, 12)]
    rows = [
        [f"王{'一二三四五六七八九十'[n % 10]}{n}", f"139{n:08d}", "人民调解员" if n % 2 else "网格员", "东良村",
         "" if n % 2 else grids[n % 10].name, "专职", ""]
        for n in range(100)
    ]  # fmt: skip
    begun = time.process_time()
    assert len(take(*rows)) == 100
    first = time.process_time() - begun

    assert take(*rows) == []
    assert first < 10
