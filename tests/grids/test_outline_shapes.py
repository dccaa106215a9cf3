"""Coordinates become an outline: every datum by published values, every fault with its spot."""

import math

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from common.confined import Refused
from grids.outlines import datums, shapes
from tests.grids.outlines import EAST, NORTH, at, square

pytestmark = pytest.mark.usefixtures("in_english")
# published with the formula: WGS84 and GCJ-02 of three points, (latitude, longitude) there, east first here
PUBLISHED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),  # Shanghai
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),  # Shenzhen
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),  # Beijing
]


@pytest.mark.parametrize(("wgs84", "gcj02"), PUBLISHED)
def test_phone_maps_are_shifted_by_the_published_formula_and_back(wgs84, gcj02):
    assert datums.to_gcj02(np.array([wgs84]))[0] == pytest.approx(gcj02, abs=1e-9)
    assert datums.to_degrees(np.array([gcj02]), "GCJ-02")[0] == pytest.approx(wgs84, abs=1e-9)


def test_the_shift_in_wuxiang_is_about_half_a_kilometre_to_the_east():
    """Measured with another program: +0.00635, +0.00033 degrees."""
    shifted = datums.to_gcj02(np.array([[112.5, 36.9]]))[0] - [112.5, 36.9]

    assert shifted == pytest.approx([0.00635, 0.00033], abs=1e-5)


@pytest.mark.parametrize(("zone", "epsg"), [(37, 4525), (38, 4526), (19, 4497), (20, 4498)])
def test_a_zone_number_in_front_says_which_zone_of_three_or_six_degrees(zone, epsg):
    """The EPSG register has each numbered zone as a system of its own: 4513 to 4533, and 4491 to 4501."""
    plane = np.array([[zone * 1e6 + 512_345.678, 4_086_012.345]])
    wanted = Transformer.from_crs(f"EPSG:{epsg}", "EPSG:4490", always_xy=True).transform(*plane[0])

    assert datums.to_degrees(plane, "GK")[0] == pytest.approx(wanted, abs=1e-9)


def test_a_zone_without_number_lies_on_the_meridian_that_is_named():
    found = datums.to_degrees(np.array([[500_000.0, 4_086_000.0]]), "GK-114")[0]

    assert found[0] == pytest.approx(114)
    assert Geod(ellps="GRS80").inv(114, 0, *found)[2] == pytest.approx(4_086_000, abs=0.01)  # along the meridian


@pytest.mark.parametrize(
    ("points", "prj", "datum"),
    [
        ([[112.7, 36.9]], "", "WGS84"),
        ([[38_412_345, 4_086_000]], "", "GK"),
        ([[112.7, 36.9]], 'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"]', "CGCS2000"),
        ([[384_300, 4_086_000]], 'PROJCS["CGCS2000_3_Degree_GK_CM_114E",PARAMETER["False_Easting",500000.0],'
         'PARAMETER["Central_Meridian",114.0]]', "GK-114"),
        ([[38_384_300, 4_086_000]], 'PROJCS["CGCS2000_3_Degree_GK_Zone_38",PARAMETER["False_Easting",38500000.0],'
         'PARAMETER["Central_Meridian",114.0]]', "GK"),
    ],
)  # fmt: skip
def test_the_datum_of_a_file_is_told_by_its_prj_or_the_size_of_its_numbers(points, prj, datum):
    assert datums.guess(np.array(points, dtype=float), prj) == datum


@pytest.mark.parametrize(
    ("points", "prj", "words"),
    [
        ([[384_300, 4_086_000]], "", "central meridian"),
        ([[384_300, 4_086_000]], 'PROJCS["Xian_1980_3_Degree_GK_CM_114E"]', "Ask the surveyors"),
    ],
)
def test_what_cannot_be_told_is_asked_for(points, prj, words):
    with pytest.raises(datums.NoDatum, match=words):
        datums.guess(np.array(points, dtype=float), prj)


def test_north_before_east_is_noticed_in_plane_coordinates():
    with pytest.raises(datums.NoDatum, match="the one to the east"):
        datums.to_degrees(np.array([[4_086_000.0, 384_300.0]]), "GK-114")


# --- shapes -----------------------------------------------------------------------------


def fault(polygons, datum="WGS84"):
    shape, (remark,) = shapes.made(polygons, datum)
    assert shape is None
    assert remark.level == "error"
    return remark


def test_a_square_kilometre_is_a_million_square_metres():
    shape, remarks = shapes.made(square(0, 0), "WGS84")

    assert remarks == []
    assert shapes.square_m(shape) == pytest.approx(1_000_000, rel=1e-4)


def test_a_bow_tie_crosses_itself_and_the_spot_is_its_knot():
    remark = fault([[[at(0, 0), at(100, 100), at(100, 0), at(0, 100), at(0, 0)]]])

    assert "crosses itself here" in remark.text
    assert math.dist(remark.spot, at(50, 50)) < 2e-6


def test_a_hole_outside_is_told_with_its_spot():
    remark = fault([square(0, 0, 100)[0] + square(500, 500, 50)[0]])

    assert "hole" in remark.text
    assert remark.spot is not None


@pytest.mark.parametrize(
    ("polygons", "words"),
    [
        ([[[[NORTH, EAST], [NORTH + 0.01, EAST], [NORTH, EAST + 0.01]]]], "swapped"),
        ([[[[12.7, 41.9], [12.8, 41.9], [12.7, 42.0]]]], "outside China"),
        ([[[at(0, 0), at(5, 5), at(0, 0)]]], "three different points"),
        ([square(0, 0, 2)[0]], "smaller than 10 m²"),
    ],
)
def test_what_is_no_outline_of_a_place_is_told_in_plain_words(polygons, words):
    assert words in fault(polygons).text


def test_a_ring_left_open_is_closed_and_repeated_points_go():
    shape, remarks = shapes.made([[[at(0, 0), at(100, 0), at(100, 0), at(100, 100), at(0, 100)]]], "WGS84")

    assert remarks == []
    assert len(shape.exterior.coords) == 5


def test_an_outline_from_a_phone_map_lands_where_it_is():
    shifted = [[datums.to_gcj02(np.array(ring)).tolist() for ring in polygon] for polygon in square(0, 0)]

    shape, _remarks = shapes.made(shifted, "GCJ-02")

    assert shape.equals_exact(shapely.Polygon(square(0, 0)[0][0]), 2e-7, normalize=True)


@pytest.mark.parametrize(
    "text",
    [
        "112.70 36.90\n112.71，36.90\n112.71, 36.91\n",
        '{"type": "Polygon", "coordinates": [[[112.70, 36.90], [112.71, 36.90, 800], [112.71, 36.91]]]}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": '
        '{"type": "Polygon", "coordinates": [[[112.70, 36.90], [112.71, 36.90], [112.71, 36.91]]]}}]}',
    ],
)
def test_coordinates_are_pasted_as_geojson_or_one_point_a_line(text):
    assert shapes.typed(text) == [[[[112.70, 36.90], [112.71, 36.90], [112.71, 36.91]]]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("112.70 36.90 800\n1 2 3", "coordinates"),
        ("这里\n那里", "coordinates"),
        ('{"type": "Polygon", "coordinates": "x"}', "coordinates"),
        ('{"type": "Polygon", "coordinates": [[[112, 1e999], [1, 2], [3, 4]]]}', "coordinates"),
        ('{"type": "Polygon", "coordinates": [[[true, 1], [1, 2], [3, 4]]]}', "coordinates"),
        ('{"type": "LineString", "coordinates": [[112, 36], [113, 36]]}', "not_area"),
        ('{"type": "Polygon"', "json"),
        ("[" * 100_000, "json"),
    ],
)
def test_pasted_nonsense_is_refused_by_name(text, code):
    with pytest.raises(Refused) as refused:
        shapes.typed(text)

    assert refused.value.code == code
    assert shapes.refusal(refused.value).text
