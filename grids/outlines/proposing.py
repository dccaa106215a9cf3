"""Cells around points: a place cut into parts so that every spot belongs to the part whose point is nearest.

The parts tile the place exactly: neighbours share their vertices, nothing lies over anything, no gap is left.
"""

import numpy as np
import shapely

GRID = 1e-7  # degrees: edges are snapped together at a centimetre


def cells(shape, points: np.ndarray, owners: list) -> dict:
    """owner -> the part of `shape` (degrees) nearer to one of his points ((n, 2), inside it) than to anybody else's.
    Of several owners of one and the same point the first in order has it. Owners without a point get nothing."""
    first = {tuple(point): owner for point, owner in reversed(list(zip(points.tolist(), owners, strict=True)))}
    owners = list(first.values())
    if len(set(owners)) <= 1:
        return dict.fromkeys(owners, shape)
    across = np.array([np.cos(np.radians(shape.centroid.y)), 1.0])  # so that near is near on the ground
    flat = shapely.transform(shape, lambda xy: xy * across)
    places = shapely.points(np.array(list(first)) * across)
    edges = shapely.get_parts(shapely.voronoi_polygons(shapely.union_all(places), extend_to=flat, only_edges=True))
    edges = shapely.transform(shapely.intersection(edges, flat), lambda xy: xy / across)
    network = shapely.union_all([*edges, shapely.boundary(shape)], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([network]))
    inside = shapely.point_on_surface(faces)
    faces, inside = faces[shapely.intersects(shape, inside)], inside[shapely.intersects(shape, inside)]
    nearest = shapely.STRtree(places).nearest(shapely.transform(inside, lambda xy: xy * across))
    parts = {}
    for face, number in zip(faces, nearest, strict=True):
        parts.setdefault(owners[number], []).append(face)
    return {owner: shapely.coverage_union_all(found) for owner, found in parts.items()}
