"""Party members and the households they look after."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common import clock
from governance.demo import party
from grids import places
from grids.models import TouchedDay
from grids.roles import Role
from households import linking
from households.models import Exemption, Household, HouseholdLink, PartyMember, PartyOrg
from tests.grids.conftest import SINCE, own_grid, own_town, own_village  # noqa: F401 (fixtures)

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY)):
        yield


@pytest.fixture
def member(own_village, someone):  # noqa: F811
    org = PartyOrg.objects.create(name="东良村党支部", level="branch", area=own_village)
    return PartyMember.objects.create(user=someone(), org=org, area_path=own_village.path)


@pytest.fixture
def homes(own_grid, member):  # noqa: F811
    made = Household.objects.bulk_create(
        Household(
            code=f"H{n}", name="某某", area=own_grid, area_path=own_grid.path, town=own_grid.town,
            village=own_grid.village, grid=own_grid, from_day=SINCE,
        )
        for n in range(21)
    )  # fmt: skip
    TouchedDay.objects.all().delete()
    return made


def give(home, member, **more):
    return linking.link(**{"household": home, "member": member, "from_day": TODAY, "by": None} | more)


def test_a_link_counts_where_the_household_counts_and_touches_the_days_since(homes, member):
    made = give(homes[0], member, from_day=TODAY - dt.timedelta(days=2))
    assert (made.village_id, made.grid_id, made.area_path) == (
        homes[0].village_id, homes[0].grid_id, homes[0].area_path,
    )  # fmt: skip
    assert set(TouchedDay.objects.values_list("kind", "day")) == {
        ("link", TODAY - dt.timedelta(days=n)) for n in range(3)
    }


def test_a_household_has_one_active_link(homes, member):
    made = give(homes[0], member)
    with pytest.raises(ValidationError):
        give(homes[0], member, from_day=TODAY + dt.timedelta(days=30))
    linking.end_link(link=made, on=TODAY + dt.timedelta(days=5), by=None)
    assert give(homes[0], member, from_day=TODAY + dt.timedelta(days=5)).pk != made.pk
    with pytest.raises(ValidationError):
        linking.end_link(link=made, on=TODAY + dt.timedelta(days=9), by=None)


def test_nobody_looks_after_more_than_twenty_households(homes, member):
    linking.link_many(pairs=[(home, member) for home in homes[:20]], from_day=TODAY)
    with pytest.raises(ValidationError):
        give(homes[20], member)
    with pytest.raises(ValidationError):
        linking.link_many(pairs=[(home, member) for home in homes], from_day=TODAY)
    assert HouseholdLink.objects.count() == 20


def test_exempt_members_and_members_of_another_village_get_no_household(homes, member, own_town):  # noqa: F811
    exemption = Exemption.objects.create(member=member, reason="unable", from_day=SINCE)
    with pytest.raises(ValidationError):
        give(homes[0], member)
    village = places.open_area(
        parent=own_town, kind="village", code="140429104202", name="南沟村", on=SINCE, by=None
    )  # fmt: skip
    exemption.delete()
    member.area_path = village.path
    member.save()
    with pytest.raises(ValidationError):
        give(homes[0], member)


def test_the_village_desk_links_and_the_grid_worker_does_not(homes, member, own_village, own_grid, someone):  # noqa: F811
    with pytest.raises(PermissionDenied):
        give(homes[0], member, by=someone(Role.GRID_WORKER, own_grid))
    assert give(homes[0], member, by=someone(Role.VILLAGE_DESK, own_village))


@pytest.mark.parametrize(("homes", "members"), [(1, 1), (40, 2), (145, 10), (37, 2), (5, 9)])
def test_a_village_is_shared_out_completely_in_neighbouring_runs(homes, members):
    weights = [1 + n % 3 / 9 for n in range(members)]
    pairs = party.share_out(list(range(homes)), [f"m{n}" for n in range(members)], weights)
    assert [home for home, _ in pairs] == list(range(homes))
    load = [sum(1 for _, m in pairs if m == f"m{n}") for n in range(members)]
    assert max(load) <= linking.MAX_LOAD
    assert [m for _, m in pairs] == sorted((m for _, m in pairs), key=lambda m: int(m[1:]))


def test_too_few_members_cannot_carry_a_village():
    with pytest.raises(ValueError, match="cannot look after"):
        party.share_out(list(range(41)), ["a", "b"])
