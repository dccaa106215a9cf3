"""Outlines of areas as GeoJSON, one level at a time, as fine as the scale needs; located, checked, drawn elsewhere."""

import datetime as dt
import hashlib
import json

import shapely
from django.db.models import Prefetch
from shapely.geometry import mapping, shape

from common.fields import on_day
from grids.models import Area, Boundary

FINENESS = 1000  # steps across the map where no scale is asked for: what is smaller cannot be seen
PIXEL = 360 / 256  # degrees at zoom 0
LARGEST = 300_000  # bytes of an answer: a whole town's micro-grids on a village's line
ZOOMS = range(3, 20)


def shown(area: Area, user, day: dt.date, level: str = "") -> list[Area]:
    """The areas a map of `area` shows, each with `outlines` (none or one, without geometry): of one kind anywhere
    below it, else what lies directly below; or the area itself where nothing does. Only what the person may see."""
    drawn = Prefetch("boundaries", Boundary.objects.filter(on_day(day)).defer("geometry"), to_attr="outlines")
    visible = Area.objects.open_on(day).visible_to(user).prefetch_related(drawn).order_by("path")
    wanted = visible.in_subtree(area).filter(kind=level) if level else visible.filter(parent=area)
    return list(wanted) or list(visible.filter(pk=area.pk))


def version(areas: list[Area], **extra) -> str:
    """Changes whenever the map of these areas would look different. A changed outline is a new row."""
    told = [(area.code, area.name, [(b.pk, b.surveyed) for b in area.outlines]) for area in areas]
    return hashlib.sha256(repr((told, sorted(extra.items()))).encode()).hexdigest()[:32]


def collection(areas: list[Area], address, zoom: int | None = None) -> str:
    """A GeoJSON FeatureCollection as text of at most LARGEST bytes; `address(area)` is where a click leads. Neighbours
    keep their common edges when they are simplified. An area without outline has a null geometry."""
    outlines = {area.pk: area.outlines[0] for area in areas if area.outlines}
    geometries = dict(Boundary.objects.filter(pk__in=[b.pk for b in outlines.values()]).values_list("pk", "geometry"))
    shapes = [shape(geometries[b.pk]) for b in outlines.values()]
    tolerance = _tolerance(shapes, zoom)
    while True:
        drawn = dict(zip(outlines, _simplified(shapes, tolerance), strict=True))
        text = _text(areas, drawn, outlines, address)
        if len(text.encode()) <= LARGEST or tolerance > 1:
            return text
        tolerance *= 2


def _text(areas, drawn, outlines, address):
    features = [
        {
            "type": "Feature",
            "geometry": drawn.get(area.pk),
            "properties": {
                "code": area.code, "name": area.name, "url": address(area),
                "surveyed": area.pk in outlines and outlines[area.pk].surveyed,
            },
        }
        for area in areas
    ]  # fmt: skip
    sketch = any(not outline.surveyed for outline in outlines.values())
    told = {"type": "FeatureCollection", "sketch": sketch, "features": features}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _tolerance(shapes, zoom):
    """Degrees: a pixel of the scale asked for, or a step across the whole map."""
    if zoom is not None:
        return PIXEL / 2**zoom
    if not shapes:
        return 0
    west, south, east, north = shapely.total_bounds(shapes)
    return max(east - west, north - south) / FINENESS


def _simplified(shapes, tolerance):
    if not shapes:
        return []
    if shapely.coverage_is_valid(shapes):
        simple = shapely.coverage_simplify(shapes, tolerance)
    else:  # measured ones may overlap: each by itself
        simple = shapely.simplify(shapes, tolerance / 2)
    decimals = next((n for n in range(3, 8) if 10**-n <= tolerance / 5), 7)
    return [mapping(shapely.transform(one, lambda points: points.round(decimals))) for one in simple]
