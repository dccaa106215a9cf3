"""Outlines for the map: one level at a time, only one's own, kept by the browser until they change."""

import json

import pytest
import shapely
from django.urls import reverse

from grids.models import Boundary
from grids.roles import Role
from tests.conftest import SINCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(db):
    """draw(area, west, south): a square of a tenth of a degree."""

    def make(area, west, south, size=0.1, invented=True):
        box = shapely.box(west, south, west + size, south + size)
        return Boundary.objects.create(
            area=area, geometry=shapely.geometry.mapping(box), west=west, south=south, east=west + size,
            north=south + size, source="test", invented=invented, from_day=SINCE,
        )  # fmt: skip

    return make


@pytest.fixture
def ask(client):
    def get(user, area, **headers):
        client.force_login(user)
        return client.get(reverse("grids:boundaries", query={"area": area.code}), **headers)

    return get


def test_a_town_shows_its_villages_with_code_name_and_page(ask, draw, someone, town, village, other_village):
    draw(village, 112.7, 36.9)

    found = ask(someone(Role.PARTY_COMMITTEE, town), town).json()

    first, second = found["features"]
    assert found["invented"] is True
    assert first["properties"] == {
        "code": village.code, "name": "东良村", "url": reverse("grids:area", args=[village.code]), "invented": True,
    }  # fmt: skip
    assert shapely.geometry.shape(first["geometry"]).area == pytest.approx(0.01)
    assert second["geometry"] is None


def test_a_place_with_nothing_below_shows_itself(ask, draw, someone, village, micro_grid):
    draw(micro_grid, 112.7, 36.9, invented=False)

    found = ask(someone(Role.VILLAGE_DESK, village), micro_grid).json()

    assert [one["properties"]["name"] for one in found["features"]] == [micro_grid.name]
    assert found["invented"] is False


def test_outlines_outside_ones_own_area_do_not_exist(ask, someone, village, other_village, town):
    user = someone(Role.VILLAGE_DESK, village)

    assert ask(user, other_village).status_code == 404
    assert ask(user, town).status_code == 404


def test_strangers_see_no_outline(client, town):
    assert client.get(reverse("grids:boundaries", query={"area": town.code})).status_code == 302


def test_a_browser_asks_again_and_gets_the_outlines_only_when_they_changed(ask, draw, someone, town, village):
    user = someone(Role.TOWN_DESK, town)
    first = draw(village, 112.7, 36.9)
    kept = ask(user, town)["ETag"]

    again = ask(user, town, headers={"If-None-Match": kept})
    assert (again.status_code, again.content) == (304, b"")

    first.delete()
    draw(village, 112.8, 36.9)
    assert ask(user, town, headers={"If-None-Match": kept}).status_code == 200


def test_neighbours_keep_their_common_edge_when_they_are_simplified(ask, draw, someone, town, village, other_village):
    for area, west in [(village, 112.7), (other_village, 112.8)]:
        outline = draw(area, west, 36.9)
        wavy = shapely.segmentize(shapely.box(west, 36.9, west + 0.1, 37.0), 0.0001)
        outline.geometry = json.loads(json.dumps(shapely.geometry.mapping(wavy)))
        outline.save()

    answer = ask(someone(Role.PARTY_COMMITTEE, town), town)

    left, right = [shapely.geometry.shape(one["geometry"]) for one in answer.json()["features"]]
    assert left.intersection(right).length == pytest.approx(0.1)
    assert left.intersection(right).area == 0
    assert len(answer.content) < 2_000
