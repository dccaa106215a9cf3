"""Fixtures: a village with members and households, for the tests of who looks after whom."""

import pytest

from grids.roles import Role
from households.models import Household, PartyMember, PartyOrg
from tests.conftest import SINCE


@pytest.fixture
def branch(village):
    return PartyOrg.objects.create(name="东良村党支部", level="branch", area=village)


@pytest.fixture
def other_branch(other_village):
    return PartyOrg.objects.create(name="南沟村党支部", level="branch", area=other_village)


@pytest.fixture
def a_member(someone, branch):
    """a_member(org=…): somebody of a branch."""

    def make(org=branch, **more):
        return PartyMember.objects.create(user=someone(), org=org, area_path=org.area.path, **more)

    return make


@pytest.fixture
def some_homes(grid):
    """some_homes(n): as many households of the grid, 20 metres apart along a road."""

    def make(count, area=grid, first=0):
        return Household.objects.bulk_create(
            Household(
                code=f"{area.code}H{n:03d}", name="某某", area=area, area_path=area.path, town_id=area.town_id,
                village_id=area.village_id, grid_id=area.grid_id or area.pk, from_day=SINCE,
                longitude=112.5 + n * 0.0002, latitude=36.8,
            )
            for n in range(first, first + count)
        )  # fmt: skip

    return make


@pytest.fixture
def clerk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def secretary(someone, village):
    return someone(Role.VILLAGE_SECRETARY, village)
