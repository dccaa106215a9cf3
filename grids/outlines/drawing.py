"""Putting outlines in force and taking them out: checked, dated, with the person and the reason, never half."""

import datetime as dt
from dataclasses import dataclass

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from shapely.geometry import shape as shape_of

from accounts import audit
from common import clock
from common.fields import on_day
from grids import access
from grids.models import Area, Boundary
from grids.outlines import datums, rules, shapes
from grids.outlines.shapes import ERROR, WARNING

FARTHEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class Drawing:
    """One new outline: an area and the polygons that were drawn or read for it."""

    area: Area
    polygons: list


@dataclass(frozen=True)
class Origin:
    """Where outlines come from (Boundary.Source), in which datum (datums.KNOWN), whether surveyors measured them,
    and why they are put in force in spite of warnings."""

    source: str = Boundary.Source.DRAWN
    datum: str = datums.WGS84
    surveyed: bool = False
    reason: str = ""


class OutlineRefused(ValidationError):
    """Outlines that cannot be put in force; `remarks` ({area: [Remark]}) say where and why."""

    def __init__(self, remarks):
        self.remarks = remarks
        super().__init__([f"{area}: {one.text}" for area, found in remarks.items() for one in found], "outline")


def look(drawings: list[Drawing], *, on: dt.date, by, datum=datums.WGS84):
    """What would be put in force and what is to be said about it: ({area: shape}, {area: [Remark]}). Writes nothing."""
    drawn, remarks = {}, _dates([one.area for one in drawings], on)
    for one in drawings:
        shape, said = shapes.made(one.polygons, datum)
        remarks[one.area] = said + remarks[one.area]
        if shape is not None:
            drawn[one.area] = shape
    if drawn:
        for area, said in rules.check(drawn, on, by).items():
            remarks[area] = remarks[area] + said
    return drawn, remarks


@transaction.atomic
def draw(*, drawings: list[Drawing], on: dt.date, by, origin: Origin) -> list[Boundary]:
    """Puts outlines in force from the day `on`, all or none; those already in force as they are, are left alone.
    Returns the new rows. `by` is the acting person, None at the operator's console. Raises OutlineRefused (for an
    error, or for a warning without a reason), PermissionDenied where the person may not change places."""
    _lock(drawings)
    for one in drawings:
        _allow(by, one.area)
    drawn, remarks = look(drawings, on=on, by=by, datum=origin.datum)
    standing = in_force([area.pk for area in drawn], on)
    for area in [area for area in drawn if same(standing.get(area.pk), drawn[area], origin.surveyed)]:
        del drawn[area], remarks[area]
    serious = (ERROR,) if origin.reason.strip() else (ERROR, WARNING)
    if any(one.level in serious for said in remarks.values() for one in said):
        raise OutlineRefused({area: said for area, said in remarks.items() if said})
    return _put(drawn, remarks, on, by, origin)


@transaction.atomic
def erase(*, area: Area, on: dt.date, by, reason: str) -> None:
    """From the day `on` the area has no outline any more. Raises ValidationError where none is in force."""
    _lock([Drawing(area, [])])
    _allow(by, area)
    row = Boundary.objects.filter(on_day(on), area=area).order_by("from_day").last()
    if row is None or _dates([area], on)[area]:
        raise ValidationError(_("No boundary of %(area)s can be ended on this day."), "day", {"area": area})
    if row.from_day == on:
        row.delete()
    else:
        row.until_day = on
        row.save(update_fields=["until_day"])
    if by is not None:
        audit.record(by, "boundary_erase", row=row, area_code=area.code, reason=reason)


def _lock(drawings):
    """The places and those above them, so that of two neighbours drawn at once the second sees the first."""
    pks = {pk for one in drawings for pk in (one.area.pk, one.area.parent_id) if pk}
    list(Area.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _allow(by, area):
    """At the console (by is None) everything is allowed; a person needs the right at the place."""
    if by is not None:
        access.require(by, "area.change", area)


def _dates(areas, on):
    """Why outlines of these areas cannot begin on this day. What was in force in the past is not rewritten."""
    last = dict(Boundary.objects.filter(area__in=areas).values_list("area").annotate(Max("from_day")))
    return {area: list(_date(area, on, last.get(area.pk))) for area in areas}


def _date(area, on, last):
    if on < area.opened_on or (area.ended_on and on >= area.ended_on):
        yield shapes.error(_("%(area)s is not open on this day."), area=area)
    elif on > clock.today() + FARTHEST:
        yield shapes.error(_("A boundary can begin one year from now at the latest."))
    elif last and (on < last or (on == last and on < clock.today())):
        text = _("A boundary is in force from %(day)s on; a new one must begin later than that.")
        yield shapes.error(text, day=last.isoformat())


def in_force(pks, on) -> dict:
    """The outlines of some areas on a day, by the area's id."""
    rows = Boundary.objects.filter(on_day(on), area__in=pks).select_related("area")
    return {row.area_id: row for row in rows}


def same(row, shape, surveyed) -> bool:
    """Whether the outline in force is this one already, wherever its ring begins."""
    if row is None or row.surveyed != surveyed or row.until_day != row.area.ended_on:
        return False
    return bool(shapely.equals_exact(shape_of(row.geometry), shape, 1e-9, normalize=True))


def _put(drawn, remarks, on, by, origin):
    Boundary.objects.filter(area__in=drawn, from_day=on).delete()
    Boundary.objects.filter(on_day(on), area__in=drawn).update(until_day=on)
    rows = Boundary.objects.bulk_create(
        _row(area, shape, on, by, origin, any(one.level == WARNING for one in remarks[area]))
        for area, shape in drawn.items()
    )
    for row in rows if by is not None else []:
        audit.record(by, "boundary_draw", row=row, area_code=row.area.code, reason=row.reason)
    return rows


def _row(area, shape, on, by, origin, overridden):
    west, south, east, north = shape.bounds
    return Boundary(
        area=area, geometry=shapes.geojson(shape), west=west, south=south, east=east, north=north,
        source=origin.source, datum=origin.datum, surveyed=origin.surveyed, from_day=on, by=by,
        reason=origin.reason.strip() if overridden else "", until_day=area.ended_on,
    )  # fmt: skip
