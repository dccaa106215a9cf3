"""The pages of visits, as people use them without a script."""

import datetime as dt
import uuid

import pytest

from casework.models import Case
from common import clock
from grids.roles import Role
from households import linking
from households.models import Household, HouseholdLink, PartyMember, PartyOrg
from screening import rounds, visit_lists, visit_plan, visiting
from screening.models import Visit, VisitRule
from tests.screening.conftest import MONDAY

FRIDAY = MONDAY + dt.timedelta(days=4)


@pytest.fixture(autouse=True)
def on_friday():
    with clock.standing_at(clock.at(FRIDAY, 10)):
        yield


@pytest.fixture
def member(someone, village):
    user = someone(Role.LINKED_MEMBER, village)
    org = PartyOrg.objects.create(name="东良村党支部", level="branch", area=village)
    return PartyMember.objects.create(user=user, org=org, area_path=village.path).user


@pytest.fixture
def homes(micro_grid, member):
    """Four households along a road, linked to the member since January; the last stands nowhere on the map."""
    made = []
    for number, longitude in enumerate([112.000, 112.010, 112.001, None]):
        home = Household.objects.create(
            code=f"H{number}", name=f"户主{number}", area=micro_grid, area_path=micro_grid.path, town=micro_grid.town,
            village=micro_grid.village, grid=micro_grid.grid, from_day=dt.date(2020, 1, 1), longitude=longitude,
            latitude=longitude and 36.9,
        )  # fmt: skip
        linking.link(household=home, member=member.membership, from_day=dt.date(2026, 1, 1), by=None)
        made.append(home)
    return made


@pytest.fixture
def phone(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def visited(homes, member):
    def make(number, day, **said):
        with clock.standing_at(clock.at(day, 9)):
            said = {"result": "met"} | said
            return visiting.record(by=member, client_id=uuid.uuid4(), day=day, household=homes[number], **said).visit

    return make


def names(page):
    return [stop.household.name for stop in page.context["round"].todo]


def test_the_round_goes_from_house_to_house_and_begins_where_one_likes(phone, homes):
    assert names(phone.get("/visits/round/")) == ["户主0", "户主2", "户主1", "户主3"]
    assert names(phone.get("/visits/round/?start=H1")) == ["户主1", "户主2", "户主0", "户主3"]


def test_the_nearest_is_next_and_metres_are_metres(homes):
    walk = rounds.in_order(homes[:3])

    assert [home.code for home, _metres in walk] == ["H0", "H2", "H1"]
    assert [metres for _home, metres in walk] == [None, 89, 801]


def test_a_visit_takes_a_household_out_of_the_round_until_next_week(phone, visited):
    visited(0, MONDAY)
    assert names(phone.get("/visits/round/")) == ["户主1", "户主2", "户主3"]
    with clock.standing_at(clock.at(MONDAY + dt.timedelta(days=7), 8)):
        phone.force_login(Visit.objects.get().by)
        assert names(phone.get("/visits/round/"))[0] == "户主0"


def test_who_is_to_be_gone_to_again_comes_back(phone, visited):
    visited(0, MONDAY, again_on=FRIDAY)

    assert "户主0" in names(phone.get("/visits/round/"))


def posted(client, address, **said):
    return client.post(address, {"client_id": uuid.uuid4(), "day": FRIDAY.isoformat(), "result": "met"} | said)


def test_nobody_home_is_one_tap(phone, homes):
    answer = posted(phone, "/visits/new/?household=H0", result="nobody", household="")

    assert answer.url == "/visits/round/"
    assert Visit.objects.get().result == "nobody"


def test_what_was_raised_becomes_a_case_in_the_same_act(phone, homes):
    posted(
        phone, "/visits/new/?household=H0", household="", present=["head"], line="两家争宅基地", outcome="dispute",
        field="1", category="08", party_1="户主0", severity="04",
    )  # fmt: skip

    case = Case.objects.get()
    assert (case.dispute.line, case.area) == ("两家争宅基地", homes[0].area)
    page = phone.get(f"/visits/{Visit.objects.get().pk}/").content.decode()
    assert case.number in page


def test_a_matter_without_its_kind_is_told_beside_the_field_and_nothing_typed_is_lost(phone, homes):
    answer = posted(phone, "/visits/new/?household=H0", household="", line="两家争宅基地", outcome="dispute")

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"field", "category"}
    assert "两家争宅基地" in answer.content.decode()


def test_a_household_is_chosen_from_the_list_where_the_address_names_none(phone, homes):
    posted(phone, "/visits/new/", household="户主2 H2")

    assert Visit.objects.get().household == homes[2]


def test_correcting_and_withdrawing(phone, visited):
    row = visited(0, FRIDAY, line="路灯不亮")
    answer = posted(phone, f"/visits/{row.pk}/correct/", household="", line="水管破了")
    now = Visit.objects.get(withdrawn_at=None)
    assert (answer.url, now.line, now.corrects) == (f"/visits/{now.pk}/", "水管破了", row)
    assert f"/visits/{now.pk}/" in phone.get(f"/visits/{row.pk}/").content.decode()

    phone.post(f"/visits/{now.pk}/withdraw/", {"reason": "走错门"})
    assert not Visit.objects.filter(withdrawn_at=None).exists()


def test_the_list_is_filtered_sorted_searched_and_downloaded(client, someone, village, visited):
    visited(0, MONDAY, line="路灯不亮")
    visited(1, FRIDAY, result="nobody")
    client.force_login(someone(Role.VILLAGE_DESK, village))

    def days(query):
        return [row["day"] for row in client.get(f"/visits/?{query}").context["page_obj"].object_list]

    assert days("") == [FRIDAY, MONDAY]
    assert days("sort=day") == [MONDAY, FRIDAY]
    assert days("result=nobody") == [FRIDAY]
    assert days("q=路灯") == days("q=H0") == [MONDAY]
    assert days("capacity=leaders") == days(f"from={FRIDAY}&to={FRIDAY}&result=met") == []
    assert client.get("/visits/?from=2026-13-01").status_code == 400
    assert client.get("/visits/export/").status_code == 200


def test_leaders_read_their_own_register(client, someone, town, village, visited):
    leader = someone(Role.TOWN_LEADER, town)
    client.force_login(leader)
    said = {"client_id": uuid.uuid4(), "day": FRIDAY.isoformat(), "place": village.code, "line": "反映道路"}
    assert client.post("/visits/reception/", said).url == "/visits/?kind=reception"
    visited(0, MONDAY)

    rows = client.get("/visits/?capacity=leaders").context["page_obj"].object_list
    assert [(row["text"], row["kind"]) for row in rows] == [("反映道路", "reception")]


def due(area, day, state):
    return {link.household.code for link in visit_lists.due_links(area, day, state).select_related("household")}


def test_a_household_is_overdue_after_a_whole_week_without_a_visit(village, visited, homes):
    visited(0, MONDAY - dt.timedelta(days=7))  # last week
    visited(1, MONDAY - dt.timedelta(days=8))  # the Sunday before that
    visited(2, FRIDAY)

    assert due(village, FRIDAY, "due") == {"H0", "H1", "H2", "H3"}
    assert due(village, FRIDAY, "visited") == {"H2"}
    assert due(village, FRIDAY, "open") == {"H0", "H1", "H3"}
    assert due(village, FRIDAY, "overdue") == {"H1", "H3"}
    assert due(village, MONDAY + dt.timedelta(days=7), "overdue") == {"H0", "H1", "H3"}


def test_a_new_link_is_given_a_whole_week(village, homes):
    HouseholdLink.objects.filter(household=homes[0]).update(from_day=MONDAY)
    HouseholdLink.objects.filter(household=homes[1]).update(from_day=MONDAY + dt.timedelta(days=1))
    week = dt.timedelta(days=7)

    assert due(village, MONDAY + week - dt.timedelta(days=1), "overdue") == {"H2", "H3"}
    assert due(village, MONDAY + week, "overdue") == {"H0", "H2", "H3"}
    assert due(village, MONDAY + 2 * week, "overdue") == {"H0", "H1", "H2", "H3"}


def test_the_town_says_how_often_and_why(client, someone, town, village, homes):
    client.force_login(someone(Role.TOWN_DESK, town))
    client.post(
        f"/visits/plan/{town.code}/", {"every": "month", "brought": "政策宣传\n政策宣传\n", "occasions": "红白事"}
    )

    words = visit_plan.words_of(town.pk)
    assert (words.brought, words.occasions) == (["政策宣传"], ["红白事"])
    assert [rule.every for rule in VisitRule.objects.order_by("from_day")] == ["week", "month"]
    assert due(village, FRIDAY - dt.timedelta(days=1), "overdue") == {"H0", "H1", "H2", "H3"}
    assert due(village, FRIDAY, "overdue") == set()  # the plan begins anew

    client.post(f"/visits/plan/{town.code}/", {"every": "none", "brought": "", "occasions": ""})
    assert due(village, FRIDAY, "due") == set()
