"""Outlines of areas as GeoJSON, one level at a time, simplified for the screen; located and drawn elsewhere."""

import datetime as dt
import hashlib

import shapely
from django.db.models import Prefetch
from shapely.geometry import mapping, shape

from common.fields import on_day
from grids.models import Area, Boundary

DECIMALS = 5  # about a metre
FINENESS = 1000  # steps across the map: what is smaller cannot be seen


def level_below(area: Area, user, day: dt.date) -> list[Area]:
    """The areas a map of `area` shows, each with `outlines` (none or one): what lies directly below it and the person
    may see, or the area itself where nothing lies below."""
    drawn = Prefetch("boundaries", Boundary.objects.filter(on_day(day)), to_attr="outlines")
    visible = Area.objects.open_on(day).visible_to(user).prefetch_related(drawn)
    return list(visible.filter(parent=area).order_by("path")) or list(visible.filter(pk=area.pk))


def version(areas: list[Area], **extra) -> str:
    """Changes whenever the map of these areas would look different."""
    told = [
        (area.code, area.name, [(b.pk, b.from_day, b.west, b.south, b.east, b.north) for b in area.outlines])
        for area in areas
    ]
    return hashlib.sha256(repr((told, extra)).encode()).hexdigest()[:32]


def collection(areas: list[Area], address) -> dict:
    """A GeoJSON FeatureCollection; `address(area)` is where a click leads. Neighbours keep their common edges when
    they are simplified. An area without outline has a null geometry."""
    outlines = {area.pk: area.outlines[0] for area in areas if area.outlines}
    shapes = dict(zip(outlines, _simplified([shape(b.geometry) for b in outlines.values()]), strict=True))
    features = [
        {
            "type": "Feature",
            "geometry": _rounded(shapes[area.pk]) if area.pk in shapes else None,
            "properties": {
                "code": area.code, "name": area.name, "url": address(area),
                "invented": area.pk in outlines and outlines[area.pk].invented,
            },
        }
        for area in areas
    ]  # fmt: skip
    return {
        "type": "FeatureCollection",
        "invented": any(outline.invented for outline in outlines.values()),
        "features": features,
    }


def _simplified(shapes):
    if not shapes:
        return []
    west, south, east, north = shapely.total_bounds(shapes)
    tolerance = max(east - west, north - south) / FINENESS
    if shapely.coverage_is_valid(shapes):
        return list(shapely.coverage_simplify(shapes, tolerance))
    return list(shapely.simplify(shapes, tolerance / 2))  # measured ones may overlap: each by itself


def _rounded(outline):
    return mapping(shapely.transform(outline, lambda points: points.round(DECIMALS)))
