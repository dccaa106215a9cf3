"""From a point to the place it lies in: an index of outlines in each process, as old as the last committed change.

`current()` reads the geometry version, one statement, and gives the index; a page asks for it once and looks up as
often as it likes. A point on a border belongs to the older of the two places (the lower id), everywhere and always.
"""

import datetime as dt
import threading
from dataclasses import dataclass, field

import numpy as np
import shapely
from django.db import connection

from common import clock
from grids.models import Area, Boundary

# from the lowest level up: who asks for no level wants the smallest place
LEVELS = ["dedicated", "micro_grid", "small_grid", "group", "grid", "village", "town", "county"]
FOREVER = dt.date.max.toordinal()


@dataclass
class Layer:
    """The outlines of one kind of place, all that ever were in force, in the order of their places' ids."""

    areas: np.ndarray
    first: np.ndarray  # days as ordinals; until is the first day after
    until: np.ndarray
    shapes: np.ndarray
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self):
        shapely.prepare(self.shapes)
        shapely.intersects_xy(self.shapes, *_middles(self.shapes))  # made ready now, not by two threads at once
        self.tree = shapely.STRtree(self.shapes)

    def find(self, east: float, north: float, day: int) -> int | None:
        near = self.tree.query(shapely.points(east, north))
        near = [number for number in near if self.first[number] <= day < self.until[number]]
        found = [number for number in near if shapely.intersects_xy(self.shapes[number], east, north)]
        return int(self.areas[min(found)]) if found else None


def _middles(shapes):
    west, south, east, north = shapely.bounds(shapes).T
    return (west + east) / 2, (south + north) / 2


class Index:
    """All layers at one geometry version."""

    def __init__(self, mark, layers: dict):
        self.mark, self.layers = mark, layers

    def find(self, lon: float, lat: float, *, on: dt.date, level: str | None = None) -> int | None:
        """The id of the area a WGS84 point lies in on a day; of one kind, or of the lowest level that has it."""
        day = on.toordinal()
        for kind in [level] if level else LEVELS:
            if kind in self.layers and (found := self.layers[kind].find(lon, lat, day)) is not None:
                return found
        return None


_held: Index | None = None
_loading = threading.Lock()


def mark():
    """The geometry version: changes with every committed change of an outline, whoever made it."""
    with connection.cursor() as cursor:  # asked by every page with a point: the ORM would cost ten times the question
        cursor.execute("SELECT mark FROM grids_geometryversion")
        row = cursor.fetchone()
    return row[0] if row else None


def current() -> Index:
    """The index of this process at the version that is committed now. Read first the version, then the outlines: so
    an index may be newer than its mark, never older."""
    global _held
    now = mark()
    index = _held
    if index is None or index.mark != now:
        with _loading:
            if _held is None or _held.mark != now:
                _held = Index(now, load())
            index = _held
    return index


def load() -> dict:
    """Every outline, by kind of place."""
    rows = {}
    wanted = ["area__kind", "area_id", "from_day", "until_day", "geometry"]
    for kind, *row in Boundary.objects.order_by("area_id", "from_day").values_list(*wanted).iterator(5000):
        rows.setdefault(kind, []).append(row)
    return {kind: layer(found) for kind, found in rows.items()}


def layer(rows: list) -> Layer:
    """One layer of (area id, from day, until day or None, GeoJSON) in the order of the ids."""
    areas, first, until, geometries = zip(*rows, strict=True)
    return Layer(
        areas=np.array(areas),
        first=np.array([day.toordinal() for day in first]),
        until=np.array([day.toordinal() if day else FOREVER for day in until]),
        shapes=np.array([shapely.geometry.shape(geometry) for geometry in geometries]),
    )


def locate(lon: float, lat: float, *, on: dt.date | None = None, level: str | None = None, index=None) -> Area | None:
    """The area a WGS84 point lies in on a day (today), of one kind or the smallest there is; None where no outline
    holds it. `index` saves reading the version again within one request."""
    found = (index or current()).find(lon, lat, on=on or clock.today(), level=level)
    return Area.objects.filter(pk=found).first() if found is not None else None
