"""Benchmarks of locating: from a point to its micro-grid, against the cheapest question a database can be asked."""

import datetime as dt

import numpy as np
import shapely
from django.db import connection

from common import clock
from governance.bench.county import LAST
from governance.bench.measure import Line, best, wall
from governance.bench.tiling import tiling
from grids import locating
from grids.models import Area, Boundary

POLYGONS = 50_000
TIMES = 2_000
FIRST = dt.date(2020, 1, 1)


def lines(size):
    """One look-up in 50,000 polygons of 12 vertices, one after the other as pages ask; then what a request pays once
    (reading the version, with nothing to read anew), shown only."""
    shapes = tiling(POLYGONS, seed=1)
    rows = [(number, FIRST, None, shapely.geometry.mapping(shape)) for number, shape in enumerate(shapes)]
    index = locating.Index(None, {"micro_grid": locating.layer(rows)})
    points = np.random.default_rng(1).uniform((112.05, 36.05), (112.95, 36.95), (TIMES, 2)).tolist()
    found = [index.find(*point, on=LAST, level="micro_grid") for point in points]
    right = sum(shapes[number].covers(shapely.Point(point)) for number, point in zip(found, points, strict=True))
    cost, bare = best(lambda: [index.find(*point, on=LAST, level="micro_grid") for point in points], _select_one)
    note = f"{cost / TIMES * 1000:.0f} µs, {right} of {TIMES} points right, {len(shapes)} polygons"
    yield Line("a point's micro-grid against SELECT 1", cost / TIMES, bare / TIMES, 3, note)
    locating.current()
    version, bare = best(lambda: [locating.current() for _ in range(TIMES)], _select_one)
    yield Line("the geometry version, once a request, against SELECT 1", version / TIMES, bare / TIMES, None)
    yield from _reload(rows[: size.units])


def _select_one():
    """A bare round trip through the driver, as often as points are looked up."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for _ in range(TIMES):
            cursor.execute("SELECT 1")
            cursor.fetchone()


def _reload(rows):
    """Making the index anew after a change, against reading the same outlines out of the database."""
    areas = list(Area.objects.order_by("pk").values_list("pk", flat=True)[: len(rows)])
    Boundary.objects.bulk_create(_row(pk, row) for pk, row in zip(areas, rows, strict=False))
    cost, bare = best(locating.load, lambda: list(Boundary.objects.values_list("geometry", flat=True)), rounds=3)
    note = f"{len(areas)} outlines, {wall(locating.load) * 1000:.0f} ms"
    yield Line("the index made anew against reading the outlines", cost, bare, None, note)
    Boundary.objects.all().delete()


def _row(pk, row):
    west, south, east, north = shapely.geometry.shape(row[3]).bounds
    return Boundary(
        area_id=pk, geometry=row[3], west=west, south=south, east=east, north=north, source="demo", invented=True,
        from_day=FIRST, drawn_at=clock.at(FIRST),
    )  # fmt: skip
