"""Cadres of the town are tied to grids and households beside the party members."""

import pytest
from django.core.exceptions import ValidationError

from common import clock
from grids.models import Post
from grids.roles import Role
from households import cadres, coverage, linking
from households.models import HouseholdLink, LinkRule
from tests.households.conftest import TODAY


@pytest.fixture(autouse=True)
def days(tenth_of_march):
    pass


@pytest.mark.parametrize(("level", "grids"), [("grid", 1), ("village", 1), ("town", 0)])
def test_grids_count_by_the_posts_and_households_by_the_links(
    level, grids, someone, some_homes, town, village, grid, clerk
):
    cadre = someone(Role.AREA_CADRE, {"town": town, "village": village, "grid": grid}[level])
    homes = some_homes(12)
    cadres.tie(town=town, cadre=cadre, codes=[home.code for home in homes[:10]], from_day=TODAY, by=clerk)
    (row,) = cadres.register(town, TODAY)
    assert (row["cadre"], row["grids"], len(row["links"]), row["enough"]) == (cadre, grids, 10, bool(grids))
    LinkRule.objects.create(town=town, cadre_homes=11)
    assert not cadres.register(town, TODAY)[0]["enough"]


def test_a_cadre_makes_no_household_count_as_linked(someone, some_homes, town, clerk, a_member):
    cadre, homes = someone(Role.AREA_CADRE, town), some_homes(3)
    linking.link(household=homes[0], member=a_member(), from_day=TODAY, by=None)
    cadres.tie(town=town, cadre=cadre, codes=[home.code for home in homes], from_day=TODAY, by=clerk)
    assert coverage.total(coverage.villages(town, TODAY))["linked"] == 1


def test_one_unknown_code_keeps_all_out(someone, some_homes, town, clerk):
    cadre, homes = someone(Role.AREA_CADRE, town), some_homes(1)
    with pytest.raises(ValidationError):
        cadres.tie(town=town, cadre=cadre, codes=[homes[0].code, "H-0"], from_day=TODAY, by=clerk)
    assert not HouseholdLink.objects.exists()
    Post.objects.filter(user=cadre).delete()
    with pytest.raises(ValidationError):
        cadres.tie(town=town, cadre=cadre, codes=[homes[0].code], from_day=clock.today(), by=clerk)
