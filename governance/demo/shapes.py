"""Invents outlines: town, villages, grids and micro-grids, each level tiling the one above without gap or overlap.

Cells are drawn as Voronoi cells of seeded points, evened out by Lloyd's rounds, in a flat plane of kilometres. Then all
edges of the lowest level are snapped together to a millionth of a degree and the polygons rebuilt from the shared
edges, and every upper level is the union of its parts: so neighbours share their vertices exactly.
"""

import math

import shapely
from shapely import MultiPoint, Point, Polygon

DECIMALS = 6
KM_PER_DEGREE = 111.2
LLOYD_ROUNDS = 4


def outline(rng, square_km) -> Polygon:
    """A roundish convex shape about the origin with that area, in kilometres."""
    waves = [(n, rng.uniform(0, 2 * math.pi), rng.uniform(0.02, 0.13) / n) for n in (2, 3, 5)]
    ring = []
    for number in range(72):
        angle = 2 * math.pi * number / 72
        radius = 1 + sum(size * math.cos(n * angle + turn) for n, turn, size in waves)
        ring.append((1.15 * radius * math.cos(angle), radius * math.sin(angle)))
    shape = MultiPoint(ring).convex_hull
    scale = math.sqrt(square_km / shape.area)
    return shapely.transform(shape, lambda points: points * scale)


def cells(shape: Polygon, count: int, rng) -> list[Polygon]:
    """The shape cut into that many cells of about equal size, from west to east and north to south."""
    if count == 1:
        return [shape]
    points = _inside(shape, count, rng)
    for _ in range(LLOYD_ROUNDS):
        points = [cell.centroid for cell in _voronoi(shape, points)]
    return sorted(_voronoi(shape, points), key=lambda cell: (round(cell.centroid.x), -cell.centroid.y))


def _inside(shape, count, rng):
    return [Point(point_in(shape, rng)) for _ in range(count)]


def point_in(shape, rng) -> tuple[float, float]:
    """Somewhere inside the shape."""
    west, south, east, north = shape.bounds
    while True:
        point = rng.uniform(west, east), rng.uniform(south, north)
        if shapely.contains_xy(shape, *point):
            return point


def ready(geometry: dict):
    """A stored outline, prepared to be asked for points again and again."""
    shape = shapely.geometry.shape(geometry)
    shapely.prepare(shape)
    return shape


def _voronoi(shape, points):
    parts = shapely.voronoi_polygons(MultiPoint(points), extend_to=shape, ordered=True)
    return [part.intersection(shape) for part in parts.geoms]


def to_degrees(shape, middle):
    """From kilometres about the origin to degrees about `middle` (east, north)."""
    east, north = middle
    across = KM_PER_DEGREE * math.cos(math.radians(north))

    def place(points):
        return points / [across, KM_PER_DEGREE] + [east, north]

    return shapely.transform(shape, place)


def snapped(parts: list[Polygon]) -> list[Polygon]:
    """Neighbouring cells rebuilt from shared edges on a grid of a millionth of a degree, in the same order."""
    edges = shapely.union_all([part.boundary for part in parts], grid_size=10**-DECIMALS)
    faces = list(shapely.polygonize(list(shapely.get_parts(edges))).geoms)
    tree = shapely.STRtree(parts)
    owner = tree.nearest([face.representative_point() for face in faces])
    mine = [[] for _ in parts]
    for face, number in zip(faces, owner, strict=True):
        mine[number].append(face)
    return [joined(found) for found in mine]


def joined(parts: list[Polygon]) -> Polygon:
    """The union of neighbouring cells that share their vertices, with exactly these vertices kept, written with six
    decimals: the same number for the same vertex everywhere."""
    (polygon,) = shapely.get_parts(shapely.coverage_union_all(parts))
    if polygon.interiors:
        raise ValueError("a cell has a hole")
    return Polygon([(round(x, DECIMALS), round(y, DECIMALS)) for x, y in polygon.exterior.coords])
