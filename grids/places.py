"""Opening and ending areas: code, path, and under what each counts from which day. Nothing is ever deleted."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from common.fields import step
from grids import access, codes, names, past, staffing
from grids.levels import Levels
from grids.models import Area, Boundary, Leave, Placement, Post

Kind = Area.Kind


@dataclass(frozen=True)
class Opening:
    """One area to be opened. `parent` and `anchor` are areas, or codes of areas (those of the same call included);
    only a county has no parent. A dedicated grid under the town needs the village where its office stands as anchor."""

    kind: str
    code: str
    name: str
    parent: Area | str | None = None
    anchor: Area | str | None = None
    official_name: str = ""
    short: str = ""
    basis: str = ""  # what a grid was drawn by, or is dedicated to


def open_area(*, parent, kind, code, name, on, by, anchor=None, **more) -> Area:
    """Opens one area from the day `on`; `more` as in Opening. See `open_areas`."""
    return open_areas(openings=[Opening(kind, code, name, parent, anchor, **more)], on=on, by=by)[0]


@transaction.atomic
def open_areas(*, openings, on: dt.date, by) -> list[Area]:
    """Opens areas from the day `on`, parents before children, in a handful of statements however many there are.
    `by` is the acting person, None at the operator's console. Raises ValidationError for a code, level or parent
    that does not fit, PermissionDenied where the person may not change places."""
    openings = list(openings)
    codes.refuse_given([opening.code for opening in openings])
    place = _Tree(openings, on)
    areas = [place.put(number, opening) for number, opening in zip(_new_ids(len(openings)), openings, strict=True)]
    for opening, area in zip(openings, areas, strict=True):
        if not isinstance(opening.parent, str):
            _allow(by, area.parent)
    Area.objects.bulk_create(areas)
    Placement.objects.bulk_create(_placement(area, on) for area in areas)
    past.touch_reporting([area for area in areas if area.reports], on)
    if by is not None:
        for area in areas:
            audit.record(by, "area_open", row=area, area_code=area.code)
    return areas


@transaction.atomic
def end_area(*, area: Area, on: dt.date, by) -> Area:
    """Ends an area: `on` is the first day on which it is no more. Posts held there end with it. Raises
    ValidationError while something below it is open; its rows, code and past figures stay."""
    area = Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    _allow(by, area)
    if area.ended_on or on <= area.opened_on:
        raise ValidationError(_("%(area)s cannot be ended on this day."), "day", {"area": area})
    if area.children.filter(_still_open(on, "ended_on")).exists():
        raise ValidationError(_("%(area)s still has open places below it."), "children", {"area": area})
    past.touch_reporting([area], on)
    close([area], on)
    area.ended_on = on
    if by is not None:
        audit.record(by, "area_end", row=area, area_code=area.code)
    return area


def close(areas, on: dt.date) -> None:
    """Ends places, their outlines and the posts at them, without looking at what else is there. What would only have
    begun on the day or later never begins. Who holds no other post is signed out."""
    mine = Q(area__in=areas)
    Placement.objects.filter(mine, from_day__gte=on).delete()
    Placement.objects.filter(_still_open(on), mine).update(until_day=on)
    Boundary.objects.filter(mine, from_day__gte=on).delete()
    Boundary.objects.filter(_still_open(on), mine).update(until_day=on)
    Leave.objects.filter(post__area__in=areas, from_day__gte=on).delete()
    Leave.objects.filter(post__area__in=areas, until_day__gt=on).update(until_day=on)
    holders = list(User.objects.filter(pk__in=Post.objects.filter(_still_open(on), mine).values("user")))
    Post.objects.filter(mine, from_day__gte=on).delete()
    Post.objects.filter(_still_open(on), mine).update(until_day=on)
    staffing.sign_out_without_post(holders)
    Area.objects.filter(pk__in=[area.pk for area in areas]).update(ended_on=on)


def _still_open(on, field="until_day"):
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": on})


def _allow(by, area):
    """At the console (by is None) everything is allowed; a person needs the right at the place."""
    if by is not None:
        access.require(by, "area.change", area)


def _new_ids(count):
    """Ids are drawn before the rows are written, because the path is made of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence('grids_area', 'id')) from generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def _placement(area, on):
    return Placement(
        area=area, grid=area.grid, village=area.village, town=area.town, county=area.county, reports=area.reports,
        from_day=on,
    )  # fmt: skip


class _Tree:
    """Areas by code while they are being opened: those that exist and those of this call."""

    def __init__(self, openings, on):
        self.on = on
        ends = [end for opening in openings for end in (opening.parent, opening.anchor) if end is not None]
        wanted = {end if isinstance(end, str) else end.code for end in ends}
        there = Area.objects.filter(code__in=wanted).select_related("county", "town", "village", "grid")
        # locked, so that nobody ends the parent meanwhile; without the key, so that reports go on being filed there
        there = there.order_by("pk").select_for_update(of=["self"], no_key=True)
        self.known = {area.code: area for area in there}
        self.levels = Levels()

    def find(self, end):
        """The area behind an Opening's parent or anchor; it must be open on the day."""
        area = self.known.get(end if isinstance(end, str) else end and end.code)
        if end is not None and area is None:
            raise ValidationError(_("There is no place with the code %(code)s."), "parent", {"code": end})
        if area is not None and (area.opened_on > self.on or (area.ended_on and area.ended_on <= self.on)):
            raise ValidationError(_("%(area)s is not open on this day."), "parent", {"area": area})
        return area

    def put(self, number, opening):
        """The area of an opening with its code checked, its path and the columns that say where it counts."""
        parent, anchor = self.find(opening.parent), self.find(opening.anchor)
        self.levels.check(opening.kind, parent, anchor)
        codes.check(opening.kind, opening.code, (anchor or parent).code if parent else "")
        area = Area(
            id=number, parent=parent, anchor=anchor, kind=opening.kind, code=opening.code, name=opening.name,
            official_name=opening.official_name or opening.name, short=opening.short, opened_on=self.on,
            basis=opening.basis,
            pinyin=names.sound(opening.name), initials=names.initials(opening.name),
            path=(parent.path if parent else "") + step(number),
        )  # fmt: skip
        self.levels.count_under(area, parent)
        self.known[area.code] = area
        return area
