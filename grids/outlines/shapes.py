"""One outline by itself: made of plain coordinates, put in order, measured on the ellipsoid, its faults told with the
spot where they lie."""

import json
import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from shapely import MultiPolygon, Polygon

from common.confined import Refused
from grids.outlines import datums, reading

CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north
DECIMALS = 7  # about a centimetre
LEAST_SQUARE_M = 10
METRES_PER_DEGREE = 111_320
HARMLESS_PAIRS = 40_000  # of a point of one outline and one of another: with fewer nothing can take long
MOST_CROSSINGS = 10_000  # two surveys of one border of 10,000 points, each point on the other side of the line
ERROR, WARNING, NOTE = "error", "warning", "note"
READING = {
    "not_area": _("This is no area: a line or point cannot be a boundary. Draw or send a closed area."),
    "coordinates": _("A coordinate is missing or is no number."),
    "vertices": _("The boundary has %(count)s points; at most %(most)s can be used. Simplify it first."),
    "json": _("The text is not GeoJSON. Check that it was copied whole."),
}


@dataclass(frozen=True)
class Remark:
    """Something to say about an outline: an error keeps it out, a warning asks for a reason, a note only tells.
    `spot` is (east, north) in degrees, where it lies, or None."""

    level: str
    text: str
    spot: tuple | None = None

    @property
    def tone(self):
        return {ERROR: "bad", WARNING: "warn", NOTE: "calm"}[self.level]


def error(text, spot=None, **params):
    return Remark(ERROR, text % params if params else text, spot)


def warning(text, spot=None, **params):
    return Remark(WARNING, text % params, spot)


# --- from text and coordinates -----------------------------------------------------------------


def typed(text: str) -> list:
    """Polygons out of what somebody pasted: GeoJSON, or one point on each line, east first. Raises Refused."""
    text = text.strip().lstrip("\ufeff")
    if text.startswith(("{", "[")):
        try:
            return reading.polygons(json.loads(text))
        except (ValueError, RecursionError):
            raise Refused("json") from None
    lines = [re.findall(r"-?\d+(?:\.\d+)?", line) for line in text.splitlines() if line.strip()]
    if any(len(numbers) != 2 for numbers in lines):
        raise Refused("coordinates")
    ring = [[float(number) for number in numbers] for numbers in lines]
    return reading.polygons({"type": "Polygon", "coordinates": [ring]})


def refusal(refused: Refused) -> Remark:
    """Why coordinates could not be read, in words."""
    text = READING.get(refused.code, READING["coordinates"])
    return error(text, count=f"{refused.params.get('count', 0):,}", most=f"{reading.MAX_VERTICES:,}")


def made(polygons: list, datum: str):
    """(shape in WGS84 or None, remarks) of polygons in a datum. Without a shape at least one remark is an error."""
    try:
        polygons = [[_in_degrees(ring, datum) for ring in polygon] for polygon in polygons]
    except datums.NoDatum as unknown:
        return None, [error(str(unknown))]
    rings = [ring for polygon in polygons for ring in polygon]
    if not rings or any(len(np.unique(ring, axis=0)) < 3 for ring in rings):
        return None, [error(_("A boundary needs at least three different points."))]
    if outside := _outside_china(np.concatenate(rings)):
        return None, [outside]
    parts = [Polygon(polygon[0], polygon[1:]) for polygon in polygons]
    shape = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return _in_order(shapely.remove_repeated_points(shape))


def _in_degrees(ring, datum):
    points = np.array(ring, dtype=float).reshape(-1, 2)
    return datums.to_degrees(points, datum).round(DECIMALS)


def _outside_china(points):
    west, south, east, north = CHINA
    x, y = points[:, 0], points[:, 1]
    if not np.isfinite(points).all():
        return error(_("The coordinates do not fit the chosen coordinate system."))
    if ((x >= west) & (x <= east) & (y >= south) & (y <= north)).all():
        return None
    if ((y >= west) & (y <= east) & (x >= south) & (x <= north)).all():
        return error(_("Longitude and latitude are swapped: the longitude (73 to 136) must come first."))
    return error(_("The coordinates lie outside China. Check the coordinate system."))


def _in_order(shape):
    if not shapely.is_valid(shape):
        reason, spot = re.match(r"(.*)\[(\S+) (\S+)\]", shapely.is_valid_reason(shape)).groups()[0], None
        if found := re.search(r"\[(\S+) (\S+)\]", shapely.is_valid_reason(shape)):
            spot = (float(found[1]), float(found[2]))
        return None, [error(_disorder(reason), spot)]
    if square_m(shape) < LEAST_SQUARE_M:
        return None, [
            error(_("The area is smaller than 10 m². Was the right coordinate system chosen?"), middle(shape))
        ]
    return shapely.orient_polygons(shape), []


def _disorder(reason):
    if "elf-intersection" in reason:
        return _("The boundary crosses itself here.")
    if "ole" in reason:
        return _("A hole does not lie inside the boundary here.")
    return _("Two parts of the boundary lie over each other here.")


# --- measuring ------------------------------------------------------------------------------


def square_m(shape) -> float:
    """Square metres on the ellipsoid (GRS80 and WGS84 agree to a tenth of a millimetre)."""
    return abs(_ellipsoid().geometry_area_perimeter(shapely.orient_polygons(shape))[0])


@cache
def _ellipsoid():
    from pyproj import Geod

    return Geod(ellps="WGS84")


def middle(shape) -> tuple:
    point = shapely.point_on_surface(shape)
    return (round(point.x, DECIMALS), round(point.y, DECIMALS))


def areas_of(shape):
    """The polygons of a result of shapely, without the lines and points where outlines only touch."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]


def wide(shape, metres: float):
    """What of a shape is wider than that many metres, as its largest such polygon, or None: slivers between two
    surveys of one border are no quarrel."""
    for part in sorted(areas_of(shape), key=lambda part: part.area, reverse=True):
        across = METRES_PER_DEGREE * np.cos(np.radians(part.centroid.y))
        flat = shapely.transform(part, lambda points, across=across: points * [across, METRES_PER_DEGREE])
        if flat.area <= LEAST_SQUARE_M:
            return None
        if not flat.buffer(-metres / 2).is_empty:
            return part
    return None


def tangled(one, other) -> bool:
    """Whether two outlines cross so often that cutting one with the other would take long (two combs of two thousand
    points: eleven seconds and gigabytes, measured). Real ones meet along a line and cross a few times."""
    if shapely.get_num_coordinates(one) * shapely.get_num_coordinates(other) <= HARMLESS_PAIRS:
        return False
    edges, others, found = _edges(one, other), _edges(other, one), 0
    tree = shapely.STRtree(others)
    for start in range(0, len(edges), 100):
        found += tree.query(edges[start : start + 100], predicate="crosses").shape[1]
        if found > MOST_CROSSINGS:
            return True
    return False


def _edges(shape, near):
    """The edges of a shape that lie in the box of another."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
    edges = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings])
    west, south, east, north = near.bounds
    low, high = edges.min(axis=1), edges.max(axis=1)
    there = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)
    return shapely.linestrings(edges[there])


def geojson(shape) -> dict:
    """As it is stored: plain lists."""
    return json.loads(shapely.to_geojson(shape))
