"""The places the other tests stand on."""

import pytest

from common import clock
from grids import access, changes
from grids.roles import Role


@pytest.mark.django_db
def test_a_micro_grid_counts_under_its_grid_village_and_town(micro_grid, grid, village, town):
    where = changes.where(micro_grid.pk, clock.today())

    assert (where.grid_id, where.village_id, where.town_id) == (grid.pk, village.pk, town.pk)


def test_a_post_reaches_down_but_not_aside(someone, village, grid, other_village):
    desk = someone(Role.VILLAGE_DESK, village)

    assert access.may(desk, "dispute.register", grid.path)
    assert not access.may(desk, "dispute.register", other_village.path)
