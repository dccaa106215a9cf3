"""From a point to its place: exact on a tiling, the same on every border, aware of what other processes did.

GOV_TILING=50000 makes the tiling as large as a prefecture's micro-grids; the short form has 3,000."""

import datetime as dt
import os
import subprocess
import sys

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from common import clock
from governance.bench.tiling import tiling
from grids import locating, places
from grids.models import Boundary
from tests.conftest import SINCE
from tests.grids.outlines import at, draw, square

COUNT = int(os.environ.get("GOV_TILING", "3000"))
DAY = SINCE.toordinal()


@pytest.fixture(scope="module")
def tiles():
    return tiling(COUNT, seed=7)


@pytest.fixture(scope="module")
def index(tiles):
    rows = [(number, SINCE, None, shapely.geometry.mapping(shape)) for number, shape in enumerate(tiles)]
    return locating.Index(None, {"micro_grid": locating.layer(rows)})


def find(index, point):
    return index.find(*point, on=SINCE)


# --- exactness --------------------------------------------------------------------------------


def test_the_tiling_has_no_gap_and_no_overlap(tiles):
    assert len(tiles) >= COUNT
    assert shapely.is_valid(tiles).all()
    assert shapely.coverage_is_valid(tiles)


def test_every_interior_point_of_every_polygon_lies_in_that_polygon_alone(tiles, index):
    inside = shapely.get_coordinates(shapely.point_on_surface(tiles))

    found = [find(index, point) for point in inside]

    assert found == list(range(len(tiles)))
    layer = index.layers["micro_grid"]
    held = layer.tree.query(shapely.points(inside), predicate="intersects")
    assert len(held[0]) == len(tiles)  # no second polygon holds one of them


def test_a_thousand_points_thrown_anywhere_match_exactly_one(tiles, index):
    points = np.random.default_rng(1).uniform((112.01, 36.01), (112.99, 36.99), (1000, 2))

    for point in points:
        holders = np.flatnonzero(shapely.intersects_xy(tiles, *point))
        assert len(holders) == 1
        assert find(index, point) == holders[0]


def test_a_point_on_a_border_belongs_to_the_older_place_every_time(tiles, index):
    """A vertex is on two to four polygons; an index of the same outlines written the other way round answers alike."""
    turned = [(n, SINCE, None, shapely.geometry.mapping(one)) for n, one in enumerate(shapely.reverse(tiles))]
    other = locating.Index(None, {"micro_grid": locating.layer(turned)})
    vertices = np.unique(shapely.get_coordinates(tiles[:200]), axis=0)
    shared = 0

    for vertex in vertices:
        holders = np.flatnonzero(shapely.intersects_xy(tiles, *vertex))
        shared += len(holders) > 1
        assert find(index, vertex) == find(other, vertex) == holders[0]

    assert shared > 1000


@given(st.integers(0, 10**6))
@hypothesis_settings(max_examples=10, deadline=None)
def test_whatever_the_tiling_no_point_is_lost_or_doubled(seed):
    shapes = tiling(100, seed)
    layer = locating.layer([(n, SINCE, None, shapely.geometry.mapping(one)) for n, one in enumerate(shapes)])

    for point in np.random.default_rng(seed).uniform((112.1, 36.1), (112.9, 36.9), (50, 2)):
        holders = np.flatnonzero(shapely.intersects_xy(shapes, *point))
        assert layer.find(*point, DAY) == holders.min()


def test_a_point_outside_lies_nowhere(index):
    assert find(index, (111.5, 36.5)) is None
    assert index.find(112.5, 36.5, on=SINCE - dt.timedelta(days=1)) is None
    assert index.find(112.5, 36.5, on=SINCE, level="village") is None


# --- in time and by level ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_smallest_place_with_an_outline_is_found_or_the_level_asked_for(village, grid, micro_grid):
    for area, side in [(village, 3000), (grid, 2000), (micro_grid, 1000)]:
        draw(area, square(0, 0, side), SINCE)

    assert locating.locate(*at(500, 500)) == micro_grid
    assert locating.locate(*at(1500, 500)) == grid
    assert locating.locate(*at(2500, 500)) == village
    assert locating.locate(*at(500, 500), level="village") == village
    assert locating.locate(*at(1500, 500), level="micro_grid") is None
    assert locating.locate(*at(3500, 500)) is None


@pytest.mark.django_db
def test_a_point_lies_where_it_lay_on_the_day(grid):
    today = clock.today()
    draw(grid, square(0, 0), SINCE)
    draw(grid, square(0, 0, 500), today)

    assert locating.locate(*at(800, 800)) is None
    assert locating.locate(*at(800, 800), on=today - dt.timedelta(days=1)) == grid


@pytest.mark.django_db
def test_an_ended_place_holds_no_point_any_more(grid):
    draw(grid, square(0, 0), SINCE)
    places.end_area(area=grid, on=clock.today(), by=None)

    assert locating.locate(*at(500, 500)) is None
    assert locating.locate(*at(500, 500), on=SINCE) == grid


@pytest.mark.django_db
def test_the_version_is_one_statement_and_the_outlines_are_read_only_when_it_changed(
    grid, django_assert_num_queries, monkeypatch
):
    draw(grid, square(0, 0), SINCE)
    locating.current()

    with django_assert_num_queries(1):
        index = locating.current()
    with django_assert_num_queries(0):
        assert index.find(*at(500, 500), on=SINCE) == grid.pk


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["create", "update", "delete"])
def test_whoever_changes_an_outline_and_however_moves_the_version(grid, act):
    row = draw(grid, square(0, 0), SINCE)
    before = locating.mark()

    if act == "create":
        row.pk, row.from_day, row.until_day = None, SINCE - dt.timedelta(days=9), SINCE
        Boundary.objects.bulk_create([row])
    elif act == "update":
        Boundary.objects.update(until_day=clock.today())
    else:
        Boundary.objects.all().delete()

    assert locating.mark() not in (before, None)


# --- several processes ------------------------------------------------------------------------------

ASK = """
import sys, django
django.setup()
from django.conf import settings
from django.db import connections
settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = sys.argv[1]
from grids import locating
lon, lat = float(sys.argv[2]), float(sys.argv[3])
print(locating.locate(lon, lat), flush=True)
for _line in sys.stdin:
    print(locating.locate(lon, lat), flush=True)
"""


@pytest.fixture
def other_process(transactional_db):
    """A second process with an index of its own, asked for one point again and again."""
    command = [sys.executable, "-c", ASK, connection.settings_dict["NAME"], *map(str, at(500, 500))]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "governance.settings"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR, env=environment
    ) as process:

        def ask(first=False):
            if not first:
                process.stdin.write("\n")
                process.stdin.flush()
            return process.stdout.readline().strip()

        yield ask
        process.stdin.close()


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_change_at_its_next_request_and_not_before_it_is_committed(
    transactional_db, grid, other_process
):
    assert other_process(first=True) == "None"

    draw(grid, square(0, 0), SINCE)
    assert other_process() == grid.name

    with transaction.atomic():
        Boundary.objects.all().delete()
        assert other_process() == grid.name
    assert other_process() == "None"
