"""One outline among the others: does it leave the place above, lie over a neighbour, cut off a part, leave a gap.

Overlaps and leaving are warnings, which a reason overrides: two surveys of one border seldom agree, and a quarrel about
land must not keep a clerk from drawing what is in force. A place of which more than half lies outside is an error: then
the coordinates are wrong. What is narrower than a metre is not told at all.

The work is measured while it is done: outlines that were made to cross each other everywhere end in one error.
"""

import datetime as dt
import time
from collections import defaultdict
from functools import cached_property

import shapely
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from shapely.geometry import shape as shape_of

from common.fields import STEP, on_day
from grids import access
from grids.models import Area, Boundary
from grids.outlines.shapes import NOTE, Remark, error, middle, square_m, tangled, warning, wide

SLIVER = 1.0  # metres
TANGLED = "tangled"
ASTRAY = 0.5  # share of an outline that may lie outside the place it belongs to
SECONDS = 1.2  # of CPU for all outlines of a request; 2,000 that tile a town, 100,000 points, take half a second


def check(drawn: dict, on: dt.date, by) -> dict:
    """Remarks on new outlines ({area: shape}), checked together as if all were in force on the day: {area: [Remark]}.
    `by` decides whose names may be told; None is the operator."""
    found, neighbourhood = {area: [] for area in drawn}, Neighbourhood(drawn, on, by)
    for area in drawn:
        try:
            found[area] = [*neighbourhood.around(area), *neighbourhood.beside(area), *neighbourhood.below(area)]
        except TooMuch:
            text = _("Comparing the outlines takes too long and was broken off. Simplify them or send fewer at a time.")
            return {one: [] for one in drawn} | {area: [error(text)]}
    return found


class TooMuch(Exception):
    """The outlines of one request have cost more than they may."""


def metres(shape) -> str:
    return f"{max(1, round(square_m(shape))):,}"


class Neighbourhood:
    """Everything outlined near some new outlines on a day, the new ones in the place of the old."""

    def __init__(self, drawn, on, by):
        self.drawn, self.on, self.by = drawn, on, by
        rows = Boundary.objects.filter(on_day(on), self._near()).select_related("area")
        self.areas = {row.area_id: row.area for row in rows} | {area.pk: area for area in drawn}
        self.shapes = {row.area_id: shape_of(row.geometry) for row in rows}
        self.shapes |= {area.pk: shape for area, shape in drawn.items()}
        shapely.prepare(list(self.shapes.values()))
        self.listed = list(self.shapes)
        self.by_path = {self.areas[pk].path: self.areas[pk] for pk in self.listed}
        self.by_parent = defaultdict(list)
        for pk in self.listed:
            self.by_parent[self.areas[pk].parent_id].append(self.areas[pk])
        self.compared = {}
        self.until = time.thread_time() + SECONDS

    def _near(self):
        west, south, east, north = shapely.total_bounds(list(self.drawn.values()))
        steps = {area.path[:end] for area in self.drawn for end in range(STEP, len(area.path), STEP)}
        box = Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
        here = Q(area__county__in={area.county_id for area in self.drawn})
        return here & (box | Q(area__path__in=steps) | Q(area__parent__in=[area.pk for area in self.drawn]))

    @cached_property
    def tree(self):
        return shapely.STRtree([self.shapes[pk] for pk in self.listed])

    def name(self, area):
        if self.by is None or access.may(self.by, "area.view", area.path):
            return area.name
        return _("a place outside your area")

    def tangled(self, area, other):
        if time.thread_time() > self.until:
            raise TooMuch
        return tangled(self.shapes[area.pk], self.shapes[other.pk])

    def too_often(self, other):
        return error(
            _("Crosses the boundary of %(other)s thousands of times. Simplify it first."), other=self.name(other)
        )

    def around(self, area):
        """Does it leave the nearest place above it that has an outline?"""
        above = self.above(area)
        if above is None:
            return
        if shapely.covers(self.shapes[above.pk], self.shapes[area.pk]):
            return
        if self.tangled(area, above):
            yield self.too_often(above)
            return
        outside = shapely.difference(self.shapes[area.pk], self.shapes[above.pk])
        part = wide(outside, SLIVER)
        if part is None:
            return
        if outside.area > ASTRAY * self.shapes[area.pk].area:
            yield error(_("More than half of it lies outside %(above)s. Check the coordinate system."), middle(part),
                        above=self.name(above))  # fmt: skip
            return
        yield warning(_("Leaves %(above)s by %(metres)s m² here."), middle(part), above=self.name(above),
                      metres=metres(outside))  # fmt: skip

    def above(self, area):
        """The nearest place above an area that has an outline, or None."""
        steps = range(len(area.path) - STEP, 0, -STEP)
        return next((self.by_path[area.path[:end]] for end in steps if area.path[:end] in self.by_path), None)

    def beside(self, area):
        """Does it lie over another place of the same kind? A dedicated grid lies inside its village's grids by
        nature and is compared with dedicated grids only."""
        for number in sorted(self.tree.query(self.shapes[area.pk], predicate="intersects")):
            other = self.areas[self.listed[number]]
            if other.pk == area.pk or other.kind != area.kind:
                continue
            common = self.common(area, other)
            if common == TANGLED:
                yield self.too_often(other)
                return
            if common is not None:
                part, square = common
                yield warning(_("Overlaps %(other)s by %(metres)s m² here."), middle(part), other=self.name(other),
                              metres=square)  # fmt: skip

    def common(self, area, other):
        """What two places have in common, wider than a sliver: (its largest part, square metres of all), None, or
        TANGLED. Asked from both sides, worked out once."""
        pair = frozenset([area.pk, other.pk])
        if pair not in self.compared:
            self.compared[pair] = TANGLED if self.tangled(area, other) else self._common(area, other)
        return self.compared[pair]

    def _common(self, area, other):
        one, two = self.shapes[area.pk], self.shapes[other.pk]
        if not shapely.relate_pattern(one, two, "T********"):
            return None  # they only touch, as neighbours do: quicker said than cut
        common = shapely.intersection(one, two)
        part = wide(common, SLIVER)
        return None if part is None else (part, metres(common))

    def below(self, area):
        """Does it cut off a part of something below it that keeps its old outline?"""
        for other in self.by_parent[area.pk]:
            if other in self.drawn:
                continue
            if shapely.covers(self.shapes[area.pk], self.shapes[other.pk]):
                continue
            if self.tangled(area, other):
                yield self.too_often(other)
                return
            outside = shapely.difference(self.shapes[other.pk], self.shapes[area.pk])
            if (part := wide(outside, SLIVER)) is not None:
                yield warning(_("Cuts off %(metres)s m² of %(other)s here."), middle(part), other=self.name(other),
                              metres=metres(outside))  # fmt: skip


def gap(parent: Area, on: dt.date) -> Remark | None:
    """What of a place lies in none of the places directly below it, told once all of them have an outline."""
    parts = list(Area.objects.open_on(on).filter(parent=parent).exclude(kind=Area.Kind.DEDICATED))
    rows = {row.area_id: row for row in Boundary.objects.filter(on_day(on), area__in=[parent, *parts])}
    if parent.pk not in rows or not parts or any(part.pk not in rows for part in parts):
        return None
    covered = shapely.union_all([shape_of(rows[part.pk].geometry) for part in parts])
    left = shapely.difference(shape_of(rows[parent.pk].geometry), covered)
    part = wide(left, SLIVER)
    if part is None:
        return None
    text = _("%(metres)s m² of %(parent)s lie in no place below it.")
    return Remark(NOTE, text % {"metres": metres(left), "parent": parent.name}, middle(part))
