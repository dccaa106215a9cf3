"""What happens in the life of a household: entered, born, moved, split, merged, gone; with the days it took effect."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEntry
from common import clock, sealed
from common.fields import on_day
from grids.models import TouchedDay, TownProfile
from grids.roles import Role
from households import enrolling, leaving, linking, needs, regrouping
from households.lists import counted_under
from households.models import FormerPlace, Household, HouseholdLink, PartyMember, PartyOrg, Resident
from tests.conftest import SINCE
from tests.households.conftest import TODAY

pytestmark = pytest.mark.usefixtures("tenth_of_march")
DAY = dt.timedelta(days=1)
LAST_WEEK = TODAY - 7 * DAY


@pytest.fixture
def desk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def home(home_at, micro_grid):
    return home_at(
        micro_grid, {"name": "王强", "relation": "head", "sex": "M", "phone": "0001 2345678"},
        {"name": "李芳", "relation": "spouse", "sex": "F"}, {"name": "王小明", "relation": "son", "sex": "M"},
        {"name": "赵丽", "relation": "daughter_in_law", "sex": "F"},
    )  # fmt: skip


@pytest.fixture
def link(village, someone):
    org = PartyOrg.objects.create(name="东良村党支部", level="branch", area=village)
    member = PartyMember.objects.create(user=someone(), org=org, area_path=village.path)
    return lambda home, day=SINCE: linking.link(household=home, member=member, from_day=day, by=None)


def of(home, name):
    return Resident.objects.current().get(household=home, name=name)


def who(home):
    people = Resident.objects.current().filter(household=home).order_by("pk")
    return {person.name: str(person.relation) for person in people}


def count(area, day=TODAY):
    return Household.objects.filter(on_day(day), counted_under(area, day)).count()


def test_a_household_is_entered_with_its_head_and_gets_the_next_code(micro_grid, home, desk):
    TouchedDay.objects.all().delete()
    made = enrolling.enter_household(
        area=micro_grid, head={"name": " 张三 ", "phone": "0001-9998888", "sex": "M", "birth_year": 1970}, on=LAST_WEEK,
        by=desk, address="12号", kind="lifted", kind_since=dt.date(2019, 1, 1), kind_source="县名单",
    )  # fmt: skip

    assert (made.code, made.name, made.initials) == (f"{micro_grid.village.code}H0002", "张三", "zs")
    person = made.residents.get()
    assert (person.relation, person.came_as, sealed.opened(person, "phone")) == ("head", "listed", "00019998888")
    assert set(TouchedDay.objects.values_list("day", flat=True)) == {LAST_WEEK + n * DAY for n in range(8)}
    assert AuditEntry.objects.get(act="household_enter").user == desk


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"on": TODAY + DAY}, "on"),
        ({"kind": "lifted", "kind_source": "县名单"}, "kind_since"),
        ({"kind": "monitored", "kind_since": SINCE}, "kind_source"),
        ({"head": {"name": "张三", "phone": "abc"}}, "phone"),
        ({"head": {"name": "张三", "birth_year": 2027}}, "birth_year"),
        ({"head": {"name": "张三", "id_number": "990000197001010018"}}, "id_number"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(micro_grid, desk, said, field):
    with pytest.raises(ValidationError) as wrong:
        enrolling.enter_household(**{"area": micro_grid, "head": {"name": "张三"}, "on": TODAY, "by": desk} | said)
    assert set(wrong.value.message_dict) == {field}
    assert not Household.objects.exists()


def test_households_lie_in_the_lowest_place(grid, micro_grid, desk):
    with pytest.raises(ValidationError) as wrong:
        enrolling.enter_household(area=grid, head={"name": "张三"}, on=TODAY, by=desk)
    assert set(wrong.value.message_dict) == {"area"}


def test_each_enters_only_in_his_own_place(home, micro_grid, other_grid, other_micro, someone):
    worker, stranger = someone(Role.GRID_WORKER, micro_grid.grid), someone(Role.VILLAGE_DESK, other_grid.village)
    enrolling.enter_resident(household=home, name="王苗", relation="grandson", on=TODAY, came_as="born", by=worker)
    for user in (stranger, someone(Role.LINKED_MEMBER, micro_grid.village), someone(Role.PARTY_COMMITTEE, home.town)):
        with pytest.raises(PermissionDenied):
            leaving.move_away(household=home, on=TODAY, by=user)
    with pytest.raises(PermissionDenied):
        regrouping.move(household=home, area=other_micro, on=TODAY, by=worker)


def test_a_child_is_born(home, desk):
    child = enrolling.enter_resident(
        household=home, name="王苗", relation="granddaughter", birth_year=2026, on=LAST_WEEK, came_as="born", by=desk
    )
    assert (child.came_as, child.from_day, child.area_path) == ("born", LAST_WEEK, home.area_path)
    with pytest.raises(ValidationError):
        enrolling.enter_resident(household=home, name="另一", relation="head", on=TODAY, came_as="moved", by=desk)


def test_when_the_head_dies_another_follows_and_relations_are_seen_from_there(home, desk):
    head = of(home, "王强")
    with pytest.raises(ValidationError) as wrong:
        leaving.leave(resident=head, on=TODAY, left_as="died", by=desk)
    assert set(wrong.value.message_dict) == {"new_head"}

    leaving.leave(resident=head, on=TODAY, left_as="died", by=desk, new_head=of(home, "王小明"))

    assert who(home) == {"李芳": "mother", "王小明": "head", "赵丽": "spouse"}
    head.refresh_from_db()
    assert (head.until_day, head.left_as, head.relation) == (TODAY, "died", "head")
    assert Household.objects.get(pk=home.pk).name == "王小明"


def test_with_the_last_person_the_household_ends_and_so_does_the_link(home_at, micro_grid, link, desk, village):
    alone = home_at(micro_grid, ("孙奶奶", "head"))
    held = link(alone)
    leaving.leave(resident=alone.residents.get(), on=LAST_WEEK, left_as="died", by=desk)

    alone.refresh_from_db()
    held.refresh_from_db()
    assert (alone.until_day, alone.ended_as, held.until_day) == (LAST_WEEK, "died", LAST_WEEK)
    assert [count(village, LAST_WEEK - DAY), count(village, LAST_WEEK)] == [1, 0]


def test_who_lives_away_is_said_with_the_town_and_the_month(home, desk):
    son = of(home, "王小明")
    enrolling.correct_resident(
        resident=son, lives_here=False, away_to="太原市小店区", away_since=dt.date(2025, 9, 17), by=desk
    )
    son.refresh_from_db()
    assert (son.away_to, son.away_since) == ("太原市小店区", dt.date(2025, 9, 1))
    enrolling.correct_resident(resident=son, lives_here=True, by=desk)
    son.refresh_from_db()
    assert (son.away_to, son.away_since) == ("", None)


def test_when_all_are_away_nobody_lives_there(home, desk):
    for person in Resident.objects.filter(household=home):
        assert Household.objects.get(pk=home.pk).lives_here
        enrolling.correct_resident(resident=person, lives_here=False, by=desk)
    assert not Household.objects.get(pk=home.pk).lives_here


def test_an_empty_phone_stays_and_is_forgotten_on_request(home, desk):
    head = of(home, "王强")
    enrolling.correct_resident(resident=head, phone="", name="王壮", by=desk)
    head.refresh_from_db()
    assert (sealed.opened(head, "phone"), Household.objects.get(pk=home.pk).name) == ("00012345678", "王壮")
    enrolling.correct_resident(resident=head, forget=["phone"], by=desk)
    head.refresh_from_db()
    assert (head.phone, head.phone_index, head.phone_tail) == ("", "", "")


def test_a_household_moves_within_the_village_and_its_link_goes_along(home, link, second_micro, desk, micro_grid):
    held = link(home)
    moved = regrouping.move(household=home, area=second_micro, on=LAST_WEEK, by=desk)

    assert (moved.area, moved.area_path, moved.here_since) == (second_micro, second_micro.path, LAST_WEEK)
    assert set(Resident.objects.filter(household=home).values_list("area_path", flat=True)) == {second_micro.path}
    held.refresh_from_db()
    assert (held.until_day, held.area_path) == (None, second_micro.path)
    former = FormerPlace.objects.get()
    assert (former.area, former.from_day, former.until_day) == (micro_grid, SINCE, LAST_WEEK)


def test_over_the_border_of_the_village_the_link_ends(home, link, other_micro, village, other_village, desk):
    TownProfile.objects.filter(town=village.town).update(in_use_from=SINCE)
    held = link(home)
    TouchedDay.objects.all().delete()
    regrouping.move(household=home, area=other_micro, on=LAST_WEEK, by=desk)

    held.refresh_from_db()
    assert held.until_day == LAST_WEEK
    assert held.reason
    assert not HouseholdLink.objects.filter(household=home, until_day=None).exists()
    assert [count(village, LAST_WEEK - DAY), count(village, LAST_WEEK)] == [1, 0]
    assert [count(other_village, LAST_WEEK - DAY), count(other_village, LAST_WEEK)] == [0, 1]
    assert {row.village_id for row in TouchedDay.objects.all()} == {village.pk, other_village.pk}


def test_a_link_that_began_on_the_day_has_to_be_ended_first(home, link, other_micro, desk):
    link(home, LAST_WEEK)
    with pytest.raises(ValidationError):
        regrouping.move(household=home, area=other_micro, on=LAST_WEEK, by=desk)
    assert Household.objects.get(pk=home.pk).area_id == home.area_id


def test_a_person_goes_over_to_another_household_with_all_that_is_sealed(home, home_at, second_micro, desk):
    other = home_at(second_micro, ("孙大", "head"))
    made = regrouping.join(
        resident=of(home, "王强"), household=other, relation="other", on=LAST_WEEK, new_head=of(home, "李芳"), by=desk
    )
    assert (made.from_day, made.came_as, made.area_path) == (LAST_WEEK, "joined", second_micro.path)
    assert sealed.opened(Resident.objects.get(pk=made.pk), "phone") == "00012345678"
    old = Resident.objects.get(household=home, sealing_id=made.sealing_id)
    assert (old.until_day, old.left_as, old.relation) == (LAST_WEEK, "joined", "head")
    assert who(home) == {"李芳": "head", "王小明": "son", "赵丽": "daughter_in_law"}
    assert who(other) == {"孙大": "head", "王强": "other"}


def test_the_young_found_a_household_of_their_own(home, micro_grid, second_micro, desk, village):
    young = [of(home, "王小明"), of(home, "赵丽")]
    made = regrouping.split(household=home, people=young, head=young[0], area=second_micro, on=LAST_WEEK, by=desk)

    assert (who(made), who(home)) == ({"王小明": "head", "赵丽": "spouse"}, {"王强": "head", "李芳": "spouse"})
    assert (made.split_from, made.name, made.area) == (home, "王小明", second_micro)
    assert [count(village, LAST_WEEK - DAY), count(village, LAST_WEEK)] == [1, 2]
    with pytest.raises(ValidationError) as wrong:
        regrouping.split(
            household=made, people=[of(made, "王小明"), of(made, "赵丽")], head=of(made, "赵丽"), area=micro_grid,
            on=TODAY, by=desk,
        )  # fmt: skip
    assert set(wrong.value.message_dict) == {"people"}


def test_two_households_become_one(home, home_at, micro_grid, link, desk, village):
    old = home_at(micro_grid, ("王爷爷", "head"), ("王奶奶", "spouse"))
    held = link(old)
    relations = {of(old, "王爷爷").pk: "father", of(old, "王奶奶").pk: "mother"}
    regrouping.merge(household=old, into=home, relations=relations, on=LAST_WEEK, by=desk)

    old.refresh_from_db()
    held.refresh_from_db()
    assert (old.ended_as, old.merged_into, old.until_day, held.until_day) == ("merged", home, LAST_WEEK, LAST_WEEK)
    assert who(home) | {"王爷爷": "father", "王奶奶": "mother"} == who(home)
    assert [count(village, LAST_WEEK - DAY), count(village, LAST_WEEK)] == [2, 1]


def test_a_household_that_moved_away_leaves_nothing_open(home, town, desk):
    kind = needs.kinds(town.pk)[0]
    need = needs.state(household=home, resident=of(home, "李芳"), kind=kind, stated_by="儿子", on=TODAY, by=desk)
    leaving.move_away(household=home, on=TODAY, by=desk)

    need.refresh_from_db()
    assert need.until_day == TODAY + DAY
    assert not Resident.objects.current().filter(household=home).exists()
    with pytest.raises(ValidationError):
        leaving.move_away(household=home, on=TODAY, by=desk)


def test_nothing_is_entered_before_it_happens(home, desk):
    with clock.standing_at(clock.at(TODAY)), pytest.raises(ValidationError):
        leaving.move_away(household=home, on=TODAY + DAY, by=desk)


@pytest.mark.parametrize("act", ["split", "merge", "move_away", "last_one_leaves"])
def test_the_days_since_are_counted_anew_where_the_number_of_households_changed(act, home, home_at, micro_grid, desk):
    other = home_at(micro_grid, ("孙大", "head"))
    if act == "split":
        young = of(home, "王小明")
        regrouping.split(household=home, people=[young], head=young, area=micro_grid, on=LAST_WEEK, by=desk)
    elif act == "merge":
        regrouping.merge(household=other, into=home, relations={}, on=LAST_WEEK, by=desk)
    elif act == "move_away":
        leaving.move_away(household=other, on=LAST_WEEK, by=desk)
    else:
        leaving.leave(resident=of(other, "孙大"), on=LAST_WEEK, left_as="moved", by=desk)

    days = TouchedDay.objects.filter(village=micro_grid.village).values_list("day", flat=True)
    assert set(days) == {LAST_WEEK + n * DAY for n in range(8)}
