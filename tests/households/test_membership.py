"""Members enter, move, are exempted and leave, and their households are free from that very day."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from common import clock
from grids.models import TouchedDay
from grids.roles import Role
from households import linking, membership, organisations
from households.models import Household, HouseholdLink, PartyMember

TODAY = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY)):
        yield


@pytest.fixture
def given(a_member, some_homes):
    """A member with two households, and the links."""
    member = a_member()
    links = [linking.link(household=home, member=member, from_day=TODAY - 9 * DAY, by=None) for home in some_homes(2)]
    TouchedDay.objects.all().delete()
    return member, links


def uncovered(day):
    linked = HouseholdLink.objects.of_members().filter(from_day__lte=day).exclude(until_day__lte=day)
    return Household.objects.exclude(pk__in=linked.values("household")).count()


def test_the_secretary_enters_a_member_who_cannot_sign_in_and_has_no_household(secretary, branch, town):
    member = membership.enter(org=branch, name="赵来顺", by=secretary)

    assert (member.user.name, member.user.has_usable_password(), member.user.home_code) == ("赵来顺", False, town.code)
    assert (member.area_path, member.own_household) == (branch.area.path, None)
    with pytest.raises(ValidationError):
        membership.enter(org=branch, user=member.user, by=secretary)


def test_members_of_another_village_are_none_of_the_secretarys(secretary, other_branch, a_member):
    with pytest.raises(PermissionDenied):
        membership.enter(org=other_branch, name="赵来顺", by=secretary)
    with pytest.raises(PermissionDenied):
        membership.leave(member=a_member(other_branch), on=TODAY, by=secretary)


def test_an_exemption_from_a_later_day_leaves_the_households_covered_until_then(given, secretary):
    member, _links = given
    freed = membership.exempt(member=member, reason="away", from_day=TODAY + 5 * DAY, by=secretary)

    assert len(freed) == 2
    assert [uncovered(TODAY + n * DAY) for n in (0, 4, 5)] == [0, 0, 2]
    assert PartyMember.objects.able(TODAY + 4 * DAY).filter(pk=member.pk).exists()
    assert not PartyMember.objects.able(TODAY + 5 * DAY).filter(pk=member.pk).exists()


def test_links_that_had_not_begun_are_withdrawn(a_member, some_homes, secretary):
    member, (home,) = a_member(), some_homes(1)
    linking.link(household=home, member=member, from_day=TODAY + 20 * DAY, by=None)
    membership.exempt(member=member, reason="elderly", from_day=TODAY + DAY, by=secretary)

    assert not HouseholdLink.objects.exists()


def test_an_exemption_ends_and_its_history_stays(given, secretary, some_homes):
    member, _links = given
    membership.exempt(member=member, reason="unable", from_day=TODAY, until_day=TODAY + 30 * DAY, by=secretary)
    with pytest.raises(ValidationError):
        membership.exempt(member=member, reason="away", from_day=TODAY + 10 * DAY, by=secretary)
    membership.end_exemption(exemption=member.exemptions.get(), on=TODAY + 3 * DAY, by=secretary)

    assert member.exemptions.get().until_day == TODAY + 3 * DAY
    (home,) = some_homes(1, first=50)
    with pytest.raises(ValidationError):
        linking.link(household=home, member=member, from_day=TODAY + 2 * DAY, by=None)
    assert linking.link(household=home, member=member, from_day=TODAY + 3 * DAY, by=None)


def test_who_leaves_or_goes_to_another_village_lets_go_of_the_households(given, clerk, other_branch):
    member, links = given
    assert len(membership.move(member=member, org=other_branch, by=clerk)) == 2
    assert uncovered(TODAY) == 2
    assert set(HouseholdLink.objects.values_list("until_day", flat=True)) == {TODAY}
    assert TouchedDay.objects.filter(kind="link", day=TODAY, village=links[0].village).exists()
    membership.leave(member=member, on=TODAY, by=clerk)
    assert not PartyMember.objects.present(TODAY).filter(pk=member.pk).exists()


def test_nobody_is_given_the_own_household_and_no_household_tells_whose_it_is(given, a_member, some_homes, secretary):
    member, links = given
    membership.set_own_household(member=member, household=links[0].household, by=secretary)

    assert uncovered(TODAY) == 1
    with pytest.raises(ValidationError):
        linking.link(household=links[0].household, member=member, from_day=TODAY, by=None)
    back = [field.name for field in Household._meta.get_fields() if field.related_model is PartyMember]
    assert back == []


def test_a_household_is_handed_over_without_a_day_between(given, a_member):
    member, links = given
    to = a_member()
    linking.hand_over(link=links[0], to=to, on=TODAY, by=None)

    spans = list(HouseholdLink.objects.filter(household=links[0].household).order_by("from_day"))
    assert [(s.member, s.from_day, s.until_day) for s in spans] == [
        (member, TODAY - 9 * DAY, TODAY), (to, TODAY, None),
    ]  # fmt: skip


def test_a_cadre_has_a_household_beside_its_member_and_need_be_no_member(given, someone, town, clerk, a_member):
    member, links = given
    cadre, home = someone(Role.AREA_CADRE, town), links[0].household
    linking.link_cadre(household=home, cadre=cadre, from_day=TODAY, by=clerk)

    assert HouseholdLink.objects.filter(household=home, until_day=None).count() == 2
    with pytest.raises(ValidationError):
        linking.link_cadre(household=home, cadre=clerk, from_day=TODAY, by=clerk)
    with pytest.raises(ValidationError):
        linking.link_cadre(household=links[1].household, cadre=member.user, from_day=TODAY, by=clerk)
    second = {**linking.columns(home, TODAY), "member": a_member()}
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdLink.objects.create(**second)


def test_organisations_stand_as_the_chain_of_the_town_says(clerk, town, village, other_village):
    top = organisations.found(area=town, name="镇党委", level="committee", by=clerk)
    branch = organisations.found(area=village, name="东良村党支部", level="branch", parent=top, by=clerk)

    for level, parent, area in [("branch", None, town), ("group", branch, village), ("committee", top, village)]:
        with pytest.raises(ValidationError):
            organisations.found(area=area, name="另一个", level=level, parent=parent, by=clerk)
    assert set(organisations.with_below(top)) == {top.pk, branch.pk}
    with pytest.raises(ValidationError):
        organisations.end(org=top, by=clerk)
    organisations.end(org=branch, by=clerk)
    organisations.end(org=top, by=clerk)
