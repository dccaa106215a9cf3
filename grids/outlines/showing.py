"""What the maps of the boundary pages are drawn from: small GeoJSON features, each with the part it plays."""

import shapely
from django.urls import reverse
from shapely.geometry import mapping
from shapely.geometry import shape as shape_of

from common.fields import STEP, on_day
from grids.models import Area, Boundary
from grids.outlines import shapes

FINENESS = 2_000  # steps across a map that is only looked at
AROUND_LIMIT = 200  # neighbours shown


def feature(shape, role, *, name="", url="", state="") -> dict:
    """`role`: own, above, beside, below, draft or old; `state` colours lines of an import."""
    said = {"role": role, "name": str(name), "url": url, "state": state}
    return {"type": "Feature", "geometry": mapping(shape), "properties": said}


def spots(remarks) -> list:
    """Where something is to be looked at, with its words."""
    return [{"at": list(one.spot), "text": str(one.text), "tone": one.tone} for one in remarks if one.spot]


def around(area: Area, user, day) -> list[dict]:
    """The outlines of the places around an area the person may see: what it lies in, its neighbours, its parts."""
    visible = Area.objects.open_on(day).visible_to(user)
    rows = Boundary.objects.filter(on_day(day), area__in=visible).select_related("area").order_by("area__path")
    steps = [area.path[:end] for end in range(STEP, len(area.path), STEP)]
    above = rows.filter(area__path__in=steps).order_by("-area__path").first()
    beside = rows.filter(area__parent=area.parent_id, area__kind=area.kind).exclude(area=area)
    below = rows.filter(area__parent=area)
    told = [(above, "above")] if above else []
    told += [(row, "beside") for row in beside[:AROUND_LIMIT]] + [(row, "below") for row in below[:AROUND_LIMIT]]
    return [
        feature(shape_of(row.geometry), role, name=row.area.name, url=reverse("grids:boundary", args=[row.area.code]))
        for row, role in told
    ]


def own(row: Boundary | None, role="own") -> list[dict]:
    return [feature(shape_of(row.geometry), role, name=row.area.name)] if row else []


def coarse(drawn: list) -> list:
    """Shapes as fine as one map of all of them shows."""
    if not drawn:
        return []
    west, south, east, north = shapely.total_bounds(drawn)
    return list(shapely.simplify(drawn, max(east - west, north - south) / FINENESS))


def size(row: Boundary) -> dict:
    """Square metres and mu (亩, a fifteenth of a hectare) of an outline."""
    square_m = shapes.square_m(shape_of(row.geometry))
    return {"square_m": f"{square_m:,.0f}", "mu": f"{square_m * 3 / 2000:,.1f}"}
