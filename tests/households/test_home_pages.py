"""The pages of a household and of its people: masked, changed by forms, in clear for a reason only."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from grids.models import Post
from grids.roles import Role
from households import identity, linking, regrouping
from households.models import Household, Resident
from tests.households.conftest import TODAY

pytestmark = pytest.mark.usefixtures("tenth_of_march")
PHONE = "00012345678"


@pytest.fixture
def desk(someone, village):
    return someone(Role.VILLAGE_DESK, village)


@pytest.fixture
def page(client, desk):
    client.force_login(desk)
    return client


@pytest.fixture
def home(home_at, micro_grid):
    return home_at(
        micro_grid, {"name": "王强国", "relation": "head", "sex": "M", "birth_year": 1970, "phone": PHONE},
        {"name": "李芳", "relation": "spouse", "sex": "F"}, {"name": "王小明", "relation": "son", "sex": "M"},
    )  # fmt: skip


def address(home, *more):
    return "/".join([f"/households/{home.code}", *map(str, more), ""])


def of(home, name):
    return Resident.objects.get(household=home, name=name, until_day=None)


def text(answer):
    return answer.content.decode()


def test_the_household_is_told_masked_with_what_happened(page, home, second_micro, desk):
    regrouping.move(household=home, area=second_micro, on=TODAY, by=desk)
    shown = text(page.get(address(home)))

    for name in ("王强国", "李芳", "王小明", PHONE):
        assert name not in shown
    assert "王**" in shown
    assert "000****5678" in shown
    assert "第一微网格" in shown  # where it counted before
    assert page.get(address(home))["Cache-Control"].count("no-store") == 1


def test_a_person_is_shown_in_clear_for_a_reason_which_is_recorded(page, home, desk):
    head = of(home, "王强国")
    assert page.post(address(home, "people", head.pk, "in-clear"), {"reason": ""}).status_code == 422
    assert not AuditEntry.objects.filter(act__startswith="reveal").exists()

    shown = text(page.post(address(home, "people", head.pk, "in-clear"), {"reason": "通知领取补贴"}))

    assert "王强国" in shown
    assert PHONE in shown
    acts = AuditEntry.objects.filter(act__startswith="reveal").order_by("pk").values_list("act", "user", "reason")
    assert list(acts) == [("reveal_resident", desk.pk, "通知领取补贴"), ("reveal_phone", desk.pk, "通知领取补贴")]


def test_an_id_number_is_shown_only_to_whoever_may_enter_one(client, home, someone, town, grid, village):
    identity.switch_on(town=town, purpose="医保核对", by=someone(Role.TOWN_DESK, town))
    head = of(home, "王强国")
    identity.take(head, "990000197001010018", town)
    head.save()
    for role, place, clear in [(Role.GRID_WORKER, grid, False), (Role.VILLAGE_DESK, village, True)]:
        client.force_login(someone(role, place))
        masked = text(client.get(address(home, "people", head.pk)))
        assert "9****************8" in masked
        assert "0018" not in masked
        shown = text(client.post(address(home, "people", head.pk, "in-clear"), {"reason": "核对"}))
        assert ("990000197001010018" in shown) == clear


def test_a_linked_member_calls_his_own_households_and_changes_none(client, home, home_at, micro_grid, a_member):
    member, other = a_member(), home_at(micro_grid, ("孙大", "head"))
    linking.link(household=home, member=member, from_day=dt.date(2020, 1, 1), by=None)
    Post.objects.create(user=member.user, area=micro_grid.village, role=Role.LINKED_MEMBER, from_day=home.from_day)
    client.force_login(member.user)

    assert client.get(address(home)).status_code == 200
    head = of(home, "王强国")
    assert PHONE in text(client.post(address(home, "people", head.pk, "in-clear"), {"reason": "上门前联系"}))
    assert client.get(address(home, "acts", "correct")).status_code == 403
    assert client.get(address(other)).status_code == 403


def test_households_are_entered_and_changed_by_forms(page, micro_grid, second_micro):
    said = {"area": micro_grid.code, "name": "张三丰", "here": "yes", "kind": "lifted", "on": TODAY, "address": "9号"}
    refused = page.post("/households/enter/", said)
    assert refused.status_code == 422
    assert "张三丰" in text(refused)  # what was typed is not lost
    made = page.post("/households/enter/", said | {"kind_since": "2019-01-01", "kind_source": "县名单"})
    home = Household.objects.get()
    assert made.headers["Location"] == address(home)

    def act(what, /, **said):
        answer = page.post(address(home, "acts", what), said)
        assert answer.status_code == 302, text(answer)

    born = {"here": "yes", "on": TODAY, "came_as": "born", "relation": "son", "name": "张小"}
    act("person", **born)
    act("person", **born | {"name": "刘梅", "relation": "spouse", "came_as": "moved", "phone": "000-1234-5678"})
    act("head", resident=of(home, "刘梅").pk)
    assert of(home, "张三丰").relation == "spouse"
    act("need", kind=page.get(address(home, "acts", "need")).context["form"].fields["kind"].queryset[0].pk,
        stated_by="本人", on=TODAY)  # fmt: skip
    act("move", area=second_micro.code, on=TODAY)
    assert Household.objects.get().area == second_micro
    act("correct", kind="ordinary", contact=of(home, "张三丰").pk)
    person = of(home, "张小")
    leave = page.post(address(home, "people", person.pk, "acts", "leave"), {"left_as": "mistake", "on": TODAY})
    assert leave.status_code == 302
    assert page.get(address(home)).status_code == 200


def test_a_split_and_a_merge_by_form(page, home, micro_grid):
    son = of(home, "王小明")
    said = {"people_going": [son.pk], "head": son.pk, "area": micro_grid.code, "on": TODAY}
    all_of_them = {"people_going": [one.pk for one in home.residents.all()]}
    assert page.post(address(home, "acts", "split"), said | all_of_them).status_code == 422
    assert page.post(address(home, "acts", "split"), said).status_code == 302
    young = Household.objects.get(split_from=home)

    unknown = page.post(address(home, "acts", "merge"), {"household": "H0", "relation": "father", "on": TODAY})
    assert unknown.status_code == 422
    Resident.objects.filter(household=home).update(from_day=dt.date(2020, 1, 1))
    merged = page.post(address(home, "acts", "merge"), {"household": young.code, "relation": "father", "on": TODAY})
    assert merged.status_code == 302
    relations = dict(Resident.objects.current().filter(household=young).values_list("name", "relation"))
    assert relations == {"王小明": "head", "王强国": "father", "李芳": "mother"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [("王强", True), ("wang xiao", True), ("wxm", True), ("LF", True), ("5678", True), (PHONE, True), ("12", True),
     ("12号", True), ("H0001", True), ("张", False), ("zs", False), ("4321", False)],
)  # fmt: skip
def test_households_are_found_as_people_type(page, home, typed, found):
    Household.objects.filter(pk=home.pk).update(address="12号")
    assert (home.code in text(page.get("/households/", {"q": typed}))) == found


def test_nothing_outside_the_post_is_found(page, home_at, other_micro):
    other = home_at(other_micro, {"name": "王强国", "relation": "head", "phone": PHONE})
    for typed in ("王强", "wqg", "5678", PHONE):
        assert other.code not in text(page.get("/households/", {"q": typed}))


def test_the_list_is_filtered_by_kind_living_and_need(page, home, home_at, micro_grid, desk):
    away = home_at(
        micro_grid, {"name": "孙大", "relation": "head", "lives_here": False}, lives_here=False, kind="lifted"
    )
    for query, codes in [({"kind": "lifted"}, {away.code}), ({"living": "here"}, {home.code}),
                         ({"living": "away"}, {away.code}), ({"need": "any"}, set())]:  # fmt: skip
        listed = text(page.get("/households/", query))
        assert {one.code for one in (home, away) if f"/{one.code}/" in listed} == codes
