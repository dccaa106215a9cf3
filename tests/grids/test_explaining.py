"""The table of rights in words is the table the platform decides by; questions are answered as access decides."""

import datetime as dt
import re

import pytest

from accounts.models import User
from casework.models import Case
from common import clock
from disputes import workflow as disputes
from grids import access, explaining, staffing
from grids.right_words import ACTIONS, REACHES
from grids.rights import MAY, TABLES
from grids.roles import ADMINISTRATORS, Role

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY, 10)):
        yield


@pytest.fixture
def named(someone):
    """named("王芳", Role.VILLAGE_DESK, village): somebody with a name of her own."""

    def make(name, *post, **more):
        person = someone(*post, **more)
        User.objects.filter(pk=person.pk).update(name=name)
        person.name = name
        return person

    return make


@pytest.fixture
def case(named, village, grid):
    mediator = named("刘调解", Role.MEDIATOR, village)
    return disputes.register(by=mediator, area=grid, category="02", field="3", line="界墙", source="application").case


def test_every_action_has_words_and_no_table_is_longer_than_thirty_rows():
    assert set(ACTIONS) == set(MAY)
    assert max(len(table) for _name, table in TABLES) <= 30
    assert sum(len(table) for _name, table in TABLES) == len(MAY)


def test_the_page_shows_every_cell_of_the_table_and_no_other(client, someone, village):
    client.force_login(someone(Role.VOLUNTEER, village))
    page = client.get("/rights/").content.decode()
    labels = {str(role.label): role for role in Role}
    shown = {}
    for action, line in re.findall(r'<tr data-action="([^"]+)">(.*?)</tr>', page, re.DOTALL):
        for reach, cell in re.findall(r'data-reach="(\w+)">(.*?)</td>', line, re.DOTALL):
            for label in re.findall(r'<span class="role">(.*?)</span>', cell):
                shown[action, labels[label.replace("&#x27;", "'")]] = reach
    wanted = {(action, role): reach for action, cells in MAY.items() for role, reach in cells.items()}
    assert shown == wanted


def test_one_role_is_told_what_it_may_and_what_not(client, someone, village):
    client.force_login(someone(Role.VOLUNTEER, village))
    told = client.get("/rights/?role=25").context["of_role"]
    flat = {str(words): reach for _name, lines in told for words, reach in lines}
    assert {words for words, reach in flat.items() if reach} == {
        str(ACTIONS["area.view"]),
        str(ACTIONS["dispute.view"]),
    }
    assert flat[str(ACTIONS["dispute.view"])] == REACHES["assigned"]


def test_the_three_administrators_read_no_case_no_report_no_household_and_no_ledger():
    business = re.compile(r"^(report|dispute|order|household|link|ledger|table|figures|leave)\.")
    assert [(a, r) for a, cells in MAY.items() for r in cells if business.match(a) and r in ADMINISTRATORS] == []
    assert [cells[Role.AUDIT_ADMIN] for a, cells in MAY.items() if a.endswith((".change", ".unlock", ".grant"))
            and Role.AUDIT_ADMIN in cells] == []  # fmt: skip


def test_yes_because_of_a_post_since_a_day(named, village, case):
    desk = named("王芳", Role.VILLAGE_DESK, village, from_day=dt.date(2024, 3, 1))
    answer = explaining.ask(desk, "dispute.handle", case)
    assert answer.yes
    assert answer.reasons == [
        "因为王芳自2024年3月1日起任东良村村综治中心工作人员，该岗位可以“办理纠纷，查看姓名电话”，范围：岗位所在辖区的全部。"
    ]


def test_yes_because_of_standing_in(named, grid, village, case):
    worker, helper = named("张三", Role.GRID_WORKER, grid), named("李四", Role.VOLUNTEER, village)
    staffing.grant_leave(
        post=worker.posts.get(), from_day=TODAY, until_day=TODAY + dt.timedelta(days=1), reason="病", stand_in=helper,
        by=None,
    )  # fmt: skip
    [reason] = explaining.ask(helper, "report.file", grid).reasons
    assert "代张三" in reason
    assert "病" not in reason


def test_only_figures_for_the_committee(named, town, case):
    answer = explaining.ask(named("赵书记", Role.PARTY_COMMITTEE, town), "dispute.view", case)
    assert (answer.yes, answer.figures_only) == (False, True)


@pytest.mark.parametrize(
    ("role", "place", "words"),
    [
        (Role.VILLAGE_DESK, "other_village", "没有管到这里的岗位"),
        (Role.MICRO_GRID_LEADER, "grid", "不能“查看纠纷”"),
        (Role.LEGAL_ADVISER, "village", "只能办分给本人的"),
        (None, None, "今天没有岗位"),
    ],
)
def test_no_and_why_not(named, request, case, role, place, words):
    post = (role, request.getfixturevalue(place)) if role else ()
    answer = explaining.ask(named("钱七", *post), "dispute.view", case)
    assert not answer.yes
    assert words in answer.reasons[0]


def test_an_assigned_case_and_a_post_that_ended(named, village, case):
    lawyer = named("孙律师", Role.LEGAL_ADVISER, village)
    Case.objects.filter(pk=case.pk).update(responsible=lawyer.posts.get())
    assert explaining.ask(lawyer, "dispute.view", Case.objects.get()).yes
    staffing.end_post(post=lawyer.posts.get(), on=TODAY, by=None)
    answer = explaining.ask(User.objects.get(pk=lawyer.pk), "dispute.view", Case.objects.get())
    assert "2026年3月10日" in answer.reasons[1]


def test_the_answer_agrees_with_access_for_every_role_and_action(someone, village, grid, town, county, micro_grid):
    """`yes` is access.may, `only figures` the cell: nothing is worked out a second time."""
    level = {"village": village, "grid": grid, "town": town, "county": county, "micro_grid": micro_grid}
    from grids.roles import PLACES

    for role in Role:
        place = next(area for kind, area in level.items() if kind in PLACES[role])
        person = someone(role, place)
        for action in MAY:
            answer = explaining.ask(person, action, place)
            assert answer.yes == access.may(person, action, place.path), (role, action)
            assert answer.figures_only == (MAY[action].get(role) == "figures"), (role, action)


def test_everybody_who_may_is_listed_and_those_of_other_towns_are_not(client, named, someone, town, other_town, case):
    leader, stranger = named("周镇长", Role.TOWN_LEADER, town), named("外乡人", Role.TOWN_LEADER, other_town)
    client.force_login(someone(Role.SECURITY_ADMIN, town))
    page = client.get("/rights/ask/", {"action": "dispute.view", "record": case.number})
    people = [post.user for post, _reach, _stand_in in page.context["everybody"]]
    assert leader in people
    assert stranger not in people
    assert "界墙" not in page.content.decode()


def test_a_question_about_a_person_by_name_is_answered_on_the_page(client, named, someone, town, village, case):
    named("王芳", Role.VILLAGE_DESK, village)
    client.force_login(someone(Role.TOWN_DESK, town))
    asked = {"action": "dispute.view", "record": case.number, "who": "王芳"}
    text = client.get("/rights/ask/", asked).content.decode()
    assert "因为王芳自2020年1月1日起任东良村村综治中心工作人员" in text
    wrong = client.get("/rights/ask/", asked | {"who": "没有此人"})
    assert (wrong.status_code, "没有此人" in wrong.content.decode()) == (422, True)


def test_records_are_found_by_what_the_floors_entered(case, grid):
    assert set(explaining.finders) == {"cases", "households"}
    assert explaining.find(case.number.lower()) == case
    assert explaining.find(grid.code) == grid
    assert explaining.find("没有") is None


def test_all_that_a_person_may_is_told_post_by_post_within_ones_own_area(
    client, named, someone, town, village, other_town
):
    wang = named("王芳", Role.VILLAGE_DESK, village)
    staffing.appoint(user=wang, area=other_town, role=Role.TOWN_LEADER, from_day=TODAY, by=None)
    client.force_login(someone(Role.TOWN_DESK, town))

    page = client.get("/rights/ask/", {"who": wang.username})
    [(person, posts)] = page.context["careers"]
    assert (person, [post.area for post, _lines in posts]) == (wang, [village])
    text = page.content.decode()
    assert "代网格员报日报" in text
    assert "签字确认周台账" not in text.partition("<h2>")[2]


def test_a_place_is_found_by_its_name_and_only_in_ones_own_area(
    client, named, someone, town, village, open_area, other_town
):
    named("王芳", Role.VILLAGE_DESK, village)
    open_area("village", other_town, "140429105201", "西沟村")
    client.force_login(someone(Role.SECURITY_ADMIN, town))

    page = client.get("/rights/ask/", {"action": "report.file_for", "record": village.name})
    assert [post.user.name for post, _reach, _stand_in in page.context["everybody"]] == ["王芳"]
    assert client.get("/rights/ask/", {"action": "report.file_for", "record": "西沟村"}).status_code == 422
    assert client.get("/rights/ask/", {"action": "report.file_for"}).status_code == 422
