"""Outlines of the places that acts make: computed from those of their parts where all of these have one, else drawn
afterwards. Computed ones are marked as such, and are surveyed only where all parts were."""

import datetime as dt

import shapely
from django.db.models import Exists, OuterRef
from shapely.geometry import shape as shape_of

from grids.models import Area, AreaAct, Boundary
from grids.outlines import drawing, reading, shapes

DONE = AreaAct.State.DONE
SNAP = 1e-7  # degrees: edges are snapped together at a centimetre


def without(areas, on: dt.date) -> list[Area]:
    """Those of some places that have no outline on the day."""
    drawn = drawing.in_force([area.pk for area in areas], on)
    return [area for area in areas if area.pk not in drawn]


def joined(areas, on: dt.date) -> Boundary | None:
    """The outline of some places together, of no place yet and not written; None where one of them has none, or where
    they cross too often to be joined."""
    areas = list(areas)
    rows = list(drawing.in_force([area.pk for area in areas], on).values())
    if not areas or len(rows) < len(areas):
        return None
    found = [shape_of(row.geometry) for row in rows]
    if any(shapes.tangled(one, other) for n, one in enumerate(found) for other in found[:n]):
        return None
    return _row(shapely.union_all(found, grid_size=SNAP), rows)


def _row(shape, rows):
    """An unwritten outline computed from others; None where nothing is left, or more points than can be handled."""
    parts = [part for part in shapes.areas_of(shape) if shapes.square_m(part) >= shapes.LEAST_SQUARE_M]
    if not parts or shapely.get_num_coordinates(parts).sum() > reading.MAX_VERTICES:
        return None
    shape = shapely.orient_polygons(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    west, south, east, north = shape.bounds
    return Boundary(
        geometry=shapes.geojson(shape), west=west, south=south, east=east, north=north,
        source=Boundary.Source.COMPUTED, surveyed=all(row.surveyed for row in rows),
        invented=any(row.invented for row in rows),
    )  # fmt: skip


def undrawn(told) -> list[Area]:
    """The places that acts (wording.Told) opened in place of others, which have no outline though some around them
    have: what is to be drawn next."""
    made = [one.act for one in told if one.act.state == DONE and one.act.kind in ("merge", "split")]
    opened = Area.objects.filter(pk__in=[pk for act in made for pk in act.outcome.get("opened", [])])
    mapped = Boundary.objects.filter(area__town=OuterRef("town"), until_day__isnull=True)
    own = Boundary.objects.filter(area=OuterRef("pk"), until_day__isnull=True)
    opened = opened.filter(Exists(mapped), ~Exists(own), ended_on__isnull=True)
    return list(opened.select_related("parent").order_by("code")[:20])


def give(outlines: dict[Area, Boundary | None], on: dt.date) -> None:
    """Puts computed outlines of new places in force from the day they begin."""
    for area, row in outlines.items():
        if row is not None:
            row.area, row.from_day = area, on
            row.save()


def cut(area: Area, given: list[Boundary | None], on: dt.date) -> list[list[int]]:
    """Takes from the outline of a place that stays what others were given of it. Left as it is where one of theirs is
    not known, or its own begins, ends or changes on the day or later. Returns what `uncut` wants to find again."""
    rows = list(Boundary.objects.filter(area=area).exclude(until_day__lte=on))
    if any(row is None for row in given) or len(rows) != 1 or rows[0].from_day >= on or rows[0].until_day:
        return []
    own, taken = shape_of(rows[0].geometry), shapely.union_all([shape_of(row.geometry) for row in given])
    left = None
    if not shapes.tangled(own, taken):
        left = _row(shapely.difference(own, taken, grid_size=SNAP), [rows[0], *given])
    if left is None:
        return []
    Boundary.objects.filter(pk=rows[0].pk).update(until_day=on)
    give({area: left}, on)
    return [[area.pk, rows[0].pk, left.pk]]


def bring_back(act: AreaAct, closed, on: dt.date) -> None:
    """The outlines that ended by an act hold again from the day on: of the places it closed, and of the one it cut, as
    long as nobody has drawn another since."""
    ended = list(Boundary.objects.filter(area__in=closed, until_day=act.on))
    for _area, old, new in act.outcome.get("cut", []):
        since = Boundary.objects.filter(pk=new, until_day__isnull=True).first()
        if since is not None:
            ended += Boundary.objects.filter(pk=old)
            since.delete() if since.from_day == on else Boundary.objects.filter(pk=new).update(until_day=on)
    if on == act.on:
        Boundary.objects.filter(pk__in=[row.pk for row in ended]).update(until_day=None)
        return
    for row in ended:
        row.pk, row.from_day, row.until_day = None, on, None
    Boundary.objects.bulk_create(ended)
