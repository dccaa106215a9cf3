"""Outlines for the map: one level at a time, only one's own, kept by the browser until they change."""

import json
import os
import subprocess
import sys

import pytest
import shapely
from django.conf import settings
from django.urls import reverse

from common import clock
from governance.bench.tiling import tiling
from grids import places
from grids.models import Boundary
from grids.places import Opening
from grids.roles import Role
from tests.conftest import SINCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(db):
    """draw(area, west, south): a square of a tenth of a degree."""

    def make(area, west, south, size=0.1, surveyed=False, shape=None):
        box = shape or shapely.box(west, south, west + size, south + size)
        return Boundary.objects.create(
            area=area, geometry=shapely.geometry.mapping(box), west=west, south=south, east=west + size,
            north=south + size, source="test", surveyed=surveyed, from_day=SINCE,
        )  # fmt: skip

    return make


@pytest.fixture
def ask(client):
    def get(user, area, headers=None, **query):
        client.force_login(user)
        return client.get(reverse("grids:boundaries", query={"area": area.code} | query), headers=headers)

    return get


def test_a_town_shows_its_villages_with_code_name_and_page(ask, draw, someone, town, village, other_village):
    draw(village, 112.7, 36.9)

    found = ask(someone(Role.PARTY_COMMITTEE, town), town).json()

    first, second = found["features"]
    assert found["sketch"] is True
    assert first["properties"] == {
        "code": village.code, "name": "东良村", "url": reverse("grids:area", args=[village.code]), "surveyed": False,
    }  # fmt: skip
    assert shapely.geometry.shape(first["geometry"]).area == pytest.approx(0.01)
    assert second["geometry"] is None


def test_a_place_with_nothing_below_shows_itself(ask, draw, someone, village, micro_grid):
    draw(micro_grid, 112.7, 36.9, surveyed=True)

    found = ask(someone(Role.VILLAGE_DESK, village), micro_grid).json()

    assert [one["properties"]["name"] for one in found["features"]] == [micro_grid.name]
    assert found["sketch"] is False


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


# --- by level and scale -----------------------------------------------------------------------


def names(answer):
    return [one["properties"]["name"] for one in answer.json()["features"]]


def test_every_place_of_one_kind_is_shown_whatever_lies_between(
    ask, someone, town, village, other_village, grid, other_grid, micro_grid
):
    user = someone(Role.TOWN_DESK, town)

    assert names(ask(user, town)) == [village.name, other_village.name]
    assert names(ask(user, town, level="grid")) == [grid.name, other_grid.name]
    assert names(ask(user, town, level="micro_grid")) == [micro_grid.name]
    assert names(ask(user, village, level="grid")) == [grid.name]


def test_a_level_shows_only_ones_own_part(ask, someone, town, village, grid, other_grid):
    user = someone(Role.VILLAGE_DESK, village)

    assert names(ask(user, village, level="grid")) == [grid.name]
    assert ask(user, town, level="grid").status_code == 404


@pytest.mark.parametrize("nonsense", [{"level": "kingdom"}, {"zoom": "99"}, {"zoom": "x"}])
def test_a_level_or_scale_that_does_not_exist_is_a_bad_request(ask, someone, town, nonsense):
    assert ask(someone(Role.TOWN_DESK, town), town, **nonsense).status_code == 400


def test_the_smaller_the_scale_the_fewer_points_and_each_has_its_own_tag(ask, draw, someone, town, village):
    around = shapely.Point(112.7, 36.9).buffer(0.1, quad_segs=500)
    draw(village, 112.6, 36.8, 0.2, shape=around)
    user = someone(Role.TOWN_DESK, town)

    far, near = ask(user, town, zoom=9), ask(user, town, zoom=16)

    far_shape, near_shape = [shapely.geometry.shape(a.json()["features"][0]["geometry"]) for a in (far, near)]
    assert shapely.get_num_coordinates(far_shape) < shapely.get_num_coordinates(near_shape) / 5
    assert near_shape.symmetric_difference(around).area < around.area / 10_000
    assert far["ETag"] != near["ETag"]
    assert ask(user, town, zoom=9, headers={"If-None-Match": far["ETag"]}).status_code == 304


def test_a_whole_towns_micro_grids_fit_into_300_kilobytes_however_finely_they_were_surveyed(
    client, ask, someone, town, village, grid, django_assert_max_num_queries
):
    """550 micro-grids of twelve corners, every edge measured at 40 points more: 240 KB of names, 6 MB of points."""
    cells = shapely.segmentize(tiling(550, seed=3, corner=(112.5, 36.7), degrees=0.2), 0.2 / 24 / 100)[:550]
    with clock.standing_at(clock.at(SINCE)):
        openings = [
            Opening("micro_grid", f"{grid.code}00{n:03d}", f"东良村第一网格{n}号微网格", grid) for n in range(1, 551)
        ]
        areas = places.open_areas(openings=openings, on=SINCE, by=None)
    rows = [(area, shapely.geometry.mapping(cell), cell.bounds) for area, cell in zip(areas, cells, strict=True)]
    Boundary.objects.bulk_create(
        Boundary(area=area, geometry=outline, west=w, south=s, east=e, north=n, source="file", from_day=SINCE)
        for area, outline, (w, s, e, n) in rows
    )
    assert sum(len(json.dumps(outline)) for _area, outline, _box in rows) > 6_000_000
    user = someone(Role.TOWN_DESK, town)

    client.force_login(user)
    with django_assert_max_num_queries(8):
        answer = client.get(reverse("grids:boundaries", query={"area": town.code, "level": "micro_grid", "zoom": 19}))

    assert len(answer.content) <= 300_000
    shapes = [shapely.geometry.shape(one["geometry"]) for one in answer.json()["features"]]
    assert len(shapes) == 550
    assert shapely.is_valid(shapes).all()
    covered = shapely.union_all(shapes, grid_size=1e-6)
    assert covered.area == pytest.approx(shapely.union_all(cells).area, rel=0.002)
    assert ask(user, town, level="micro_grid", zoom=19)["ETag"] == answer["ETag"]
    draw_around(village, cells)
    draw_around(grid, cells)
    for level in ("village", "grid", "micro_grid"):
        page = ask(user, town, level=level)
        assert (len(page.content) <= 300_000, bool(page["ETag"])) == (True, True), level
        assert ask(user, town, headers={"If-None-Match": page["ETag"]}, level=level).status_code == 304


def draw_around(area, cells):
    """The edge of all cells together, as fine as theirs."""
    outline = shapely.union_all(cells)
    west, south, east, north = outline.bounds
    Boundary.objects.create(
        area=area, geometry=shapely.geometry.mapping(outline), west=west, south=south, east=east, north=north,
        source="file", from_day=SINCE,
    )  # fmt: skip


# --- on the pages of places -------------------------------------------------------------------


def page_of(client, user, area, **query):
    client.force_login(user)
    return client.get(reverse("grids:area", args=[area.code], query=query)).content.decode()


def test_the_map_of_a_place_shows_each_level_that_has_outlines(
    client, draw, someone, town, village, grid, other_grid, micro_grid
):
    draw(village, 112.7, 36.9)
    draw(grid, 112.7, 36.9, 0.05)
    user = someone(Role.TOWN_DESK, town)

    page = page_of(client, user, town)
    assert f'data-geojson="/areas/outlines.json?area={town.code}" data-figure="linked"' in page
    assert f'href="/areas/{town.code}/?level=grid"' in page
    assert "?level=micro_grid" not in page  # none is drawn

    page = page_of(client, user, town, level="grid")
    assert f'data-geojson="/areas/outlines.json?area={town.code}&amp;level=grid" data-figure=""' in page
    assert '<strong aria-current="true">网格</strong>' in page


def test_a_level_nobody_drew_or_that_is_none_shows_what_lies_directly_below(client, draw, someone, town, village):
    draw(village, 112.7, 36.9)
    for level in ("grid", "nonsense"):
        page = page_of(client, someone(Role.TOWN_DESK, town), town, level=level)
        assert f'data-geojson="/areas/outlines.json?area={town.code}" ' in page


def test_the_platform_starts_on_a_machine_without_gdal():
    """django-leaflet's forms, admin and the gis app want it; nothing of ours may import them."""
    said = (
        "import ctypes.util, sys; ctypes.util.find_library = lambda name: None; import django; django.setup()\n"
        "from django.urls import get_resolver; from django.template.loader import get_template\n"
        "get_resolver().url_patterns; get_template('grids/boundary.html'); get_template('governance/dashboard.html')\n"
        "print([name for name in sys.modules if 'gdal' in name or name in ('leaflet.admin', 'leaflet.forms')])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "governance.settings"}
    command = [sys.executable, "-c", said]
    told = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)
    assert told.stdout.strip() == "[]", told.stderr
