"""Boundaries proposed from where households live: cells that tile, proposals until somebody takes them over."""

import numpy as np
import pytest
import shapely
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from common import clock
from grids.models import Boundary
from grids.outlines import proposing as cells_around
from grids.outlines import rules, shapes
from grids.roles import Role
from households import proposing
from households.models import Household
from tests.conftest import SINCE
from tests.grids.outlines import at, draw, square

BOX = shapely.box(112.7, 36.9, 112.72, 36.92)


@given(st.integers(0, 10**6), st.integers(2, 60), st.integers(1, 8))
@settings(max_examples=25, deadline=None)
def test_cells_tile_the_place_and_hold_the_points_of_their_owner(seed, count, people):
    rng = np.random.default_rng(seed)
    points = rng.uniform(BOX.bounds[:2], BOX.bounds[2:], (count, 2)).round(7)
    owners = rng.integers(0, people, count).tolist()

    cells = cells_around.cells(BOX, points, owners)

    assert set(cells) == set(owners)
    assert shapely.coverage_is_valid(list(cells.values()))
    assert sum(cell.area for cell in cells.values()) == pytest.approx(BOX.area, rel=1e-6)
    for point, owner in zip(points, owners, strict=True):
        assert cells[owner].distance(shapely.Point(point)) < 1e-6


def test_one_house_of_two_owners_goes_to_the_first_and_nobody_alone_gets_all():
    same = np.array([[112.705, 36.905], [112.705, 36.905], [112.715, 36.915]])

    assert set(cells_around.cells(BOX, same, ["a", "b", "c"])) == {"a", "c"}
    assert cells_around.cells(BOX, same[:1], ["a"]) == {"a": BOX}
    assert cells_around.cells(BOX, same[:0], []) == {}


# --- from households -------------------------------------------------------------------------


@pytest.fixture
def second_micro_grid(open_area, grid):
    return open_area("micro_grid", grid, "14042910420100100002", "第二微网格")


@pytest.fixture
def home(db):
    """home(area, x, y): a household that many metres from the corner; without them it has no position."""

    def make(area, x=None, y=None):
        longitude, latitude = (None, None) if x is None else at(x, y)
        return Household.objects.create(
            code=f"H{Household.objects.count():04d}", name="张家", area=area, area_path=area.path, town=area.town,
            village=area.village, grid=area.grid, longitude=longitude, latitude=latitude, from_day=SINCE,
        )  # fmt: skip

    return make


@pytest.fixture
def homes(home, grid, micro_grid, second_micro_grid):
    """A grid of a square kilometre; the houses of one micro-grid in the west, of the other in the east."""
    draw(grid, square(0, 0), SINCE)
    west = [home(micro_grid, 200, y) for y in (100, 400, 700)]
    east = [home(second_micro_grid, 800, y) for y in (100, 400, 700)]
    return west + east + [home(micro_grid), home(micro_grid, 5000, 0)]


def test_micro_grids_are_cut_where_the_way_to_the_houses_is_equal(homes, grid, micro_grid, second_micro_grid):
    found = proposing.propose(grid, "micro_grid", clock.today())

    west, east = found.proposals
    assert (west.area, east.area) == (micro_grid, second_micro_grid)
    assert (west.homes, found.homes, found.without_point, found.outside) == (3, 8, 1, 1)
    assert west.shape.bounds[2] == pytest.approx(at(500, 0)[0], abs=1e-6)
    assert shapes.square_m(west.shape) == pytest.approx(500_000, rel=0.001)
    assert not Boundary.objects.filter(area=micro_grid).exists()


def test_what_is_taken_over_is_proposed_and_not_surveyed_and_leaves_no_gap(homes, someone, town, grid, micro_grid):
    desk = someone(Role.TOWN_DESK, town)
    codes = [one.area.code for one in proposing.propose(grid, "micro_grid", clock.today()).proposals]

    rows = proposing.accept(area=grid, level="micro_grid", codes=codes, on=clock.today(), reason="", by=desk)

    assert [(row.source, row.surveyed, row.by) for row in rows] == [("proposed", False, desk)] * 2
    assert rules.gap(grid, clock.today()) is None
    assert proposing.accept(area=grid, level="micro_grid", codes=codes, on=clock.today(), reason="", by=desk) == []


def test_the_nearest_outline_above_cuts(homes, village, grid):
    draw(village, square(0, 0, 3000), SINCE)

    for one in proposing.propose(village, "micro_grid", clock.today()).proposals:
        assert one.shape.bounds[2] <= at(1000, 0)[0] + 1e-6
    (whole,) = proposing.propose(village, "grid", clock.today()).proposals
    assert shapes.square_m(whole.shape) == pytest.approx(9_000_000, rel=0.001)


def test_what_cannot_be_proposed_is_named(home, village, grid, micro_grid, second_micro_grid):
    home(micro_grid, 100, 100)
    assert proposing.propose(village, "micro_grid", clock.today()).unbounded == [micro_grid, second_micro_grid]

    draw(village, square(0, 0), SINCE)
    found = proposing.propose(village, "micro_grid", clock.today())
    assert ([one.area for one in found.proposals], found.unknown) == ([micro_grid], [second_micro_grid])


def test_only_who_may_change_places_and_see_households_takes_over(homes, someone, town, village, grid):
    for user in (someone(Role.SYSTEM_ADMIN, town), someone(Role.VILLAGE_DESK, village)):
        with pytest.raises(PermissionDenied):
            proposing.accept(area=grid, level="micro_grid", codes=[], on=clock.today(), reason="", by=user)


@pytest.mark.django_db
@pytest.mark.parametrize("point", [{"longitude": 112.7}, {"longitude": 36.9, "latitude": 112.7}])
def test_half_a_point_or_one_outside_china_is_not_stored(homes, point):
    with pytest.raises(IntegrityError):
        Household.objects.update(**{"longitude": None, "latitude": None} | point)


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, someone, town):
    user = someone(Role.TOWN_DESK, town)
    client.force_login(user)
    return user


def test_proposals_are_shown_and_the_chosen_ones_put_in_force(client, desk, homes, grid, micro_grid):
    address = reverse("households:proposal", args=[grid.code])

    page = client.get(address).content.decode()
    assert "推算所得，未经测绘" in page
    assert page.count("checked") == 2
    assert client.post(address, {"from_day": clock.today().isoformat()}).status_code == 422

    answer = client.post(address, {"codes": [micro_grid.code], "from_day": clock.today().isoformat()})
    assert answer.status_code == 302
    assert [row.area for row in Boundary.objects.filter(source="proposed")] == [micro_grid]
    assert client.get(address).content.decode().count("checked") == 1


def table(*rows):
    text = "\n".join(["户编码,经度,纬度", *rows])
    return SimpleUploadedFile("positions.csv", text.encode("gbk"))


def test_positions_come_from_a_table(client, desk, homes, grid):
    address = reverse("households:points", args=[grid.code])

    answer = client.post(address, {"file": table("H0006,112.7051,36.9052"), "datum": "WGS84"})

    assert answer.status_code == 302
    home = Household.objects.get(code="H0006")
    assert (home.longitude, home.latitude) == (112.7051, 36.9052)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("H9999,112.7,36.9", "没有这一户"),
        ("H0001,36.9,112.7", "经度在73至136之间"),
        ("H0001,东,西", "请填写两个以度为单位的数字"),
    ],
)
def test_one_wrong_line_keeps_all_positions_as_they_were(client, desk, homes, grid, row, words):
    address = reverse("households:points", args=[grid.code])

    answer = client.post(address, {"file": table("H0006,112.7051,36.9052", row), "datum": "WGS84"})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Household.objects.get(code="H0006").longitude is None
