"""Proposes boundaries from where households live: cells around their points, cut to the outline above them.

Nothing is in force by proposing. What is taken over is marked as proposed and not surveyed.
"""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import shapely
from django.urls import reverse
from shapely.geometry import mapping
from shapely.geometry import shape as shape_of

from common.fields import STEP, on_day, subtree
from grids import access
from grids.models import Area, Boundary
from grids.outlines import drawing, proposing, shapes
from grids.outlines.drawing import Drawing, Origin
from households.models import Household

LEVELS = ["micro_grid", "group", "small_grid", "grid"]  # what can be proposed, the smallest first


@dataclass(frozen=True)
class Proposal:
    """One place with the cell its households' points make; `row` is the outline in force, if any."""

    area: Area
    shape: object
    homes: int
    row: Boundary | None

    @property
    def square_m(self):
        return f"{shapes.square_m(self.shape):,.0f}"

    @property
    def parts(self):
        return len(shapely.get_parts(self.shape))

    @property
    def drawing(self):
        geometry = mapping(self.shape)
        several = geometry["type"] == "MultiPolygon"
        return Drawing(self.area, list(geometry["coordinates"]) if several else [geometry["coordinates"]])


@dataclass
class Proposed:
    """All proposals for a place, and what could not be used: homes without a point, homes whose point lies outside,
    places none of whose homes has a point, places above which nothing is outlined."""

    proposals: list = field(default_factory=list)
    homes: int = 0
    without_point: int = 0
    outside: int = 0
    unknown: list = field(default_factory=list)
    unbounded: list = field(default_factory=list)


def levels(area: Area, day: dt.date) -> list[str]:
    """The kinds of places below an area that have households and can be proposed."""
    kinds = set(Area.objects.open_on(day).in_subtree(area).exclude(pk=area.pk).values_list("kind", flat=True))
    return [kind for kind in LEVELS if kind in kinds]


def propose(area: Area, level: str, day: dt.date) -> Proposed:
    """Cells for every place of one kind in an area, each cut to the nearest outline above it."""
    targets = list(Area.objects.open_on(day).in_subtree(area).filter(kind=level).order_by("path"))
    homes = Household.objects.filter(on_day(day), subtree(area.path, "area_path"))
    homes = list(homes.order_by("code").values_list("area_path", "longitude", "latitude"))
    placed = [home for home in homes if home[1] is not None]
    found = Proposed(homes=len(homes), without_point=len(homes) - len(placed))
    standing = drawing.in_force([target.pk for target in targets], day)
    for outline, inside in _containers(area, targets, day):
        if outline is None:
            found.unbounded += inside
            continue
        _cut(found, shape_of(outline.geometry), inside, placed, standing)
    return found


def _containers(area, targets, day):
    """(outline or None, targets): the nearest outline above each target."""
    steps = {target.path[:end] for target in targets for end in range(STEP, len(target.path), STEP)}
    rows = Boundary.objects.filter(on_day(day), area__path__in=steps).select_related("area")
    by_path = {row.area.path: row for row in rows}
    grouped = {}
    for target in targets:
        above = [target.path[:end] for end in range(len(target.path) - STEP, 0, -STEP)]
        path = next((path for path in above if path in by_path), None)
        grouped.setdefault(path, []).append(target)
    return [(by_path.get(path), inside) for path, inside in grouped.items()]


def _cut(found, outline, targets, homes, standing):
    """Adds the proposals for the targets inside one outline."""
    by_path = {target.path: target.pk for target in targets}
    owned = [(by_path[top], (x, y)) for path, x, y in homes for top in _tops(path) if top in by_path]
    inside = [one for one in owned if shapely.intersects_xy(outline, *one[1])]
    found.outside += len(owned) - len(inside)
    owners = [owner for owner, _point in inside]
    cells = proposing.cells(outline, np.array([point for _owner, point in inside]).reshape(-1, 2), owners)
    for target in targets:
        if target.pk in cells:
            count = owners.count(target.pk)
            found.proposals.append(Proposal(target, cells[target.pk], count, standing.get(target.pk)))
        else:
            found.unknown.append(target)


def _tops(path):
    return (path[:end] for end in range(STEP, len(path) + 1, STEP))


def address(user, area: Area, kind: str) -> str:
    """The page that proposes outlines of that kind below an area, for somebody who may take them over; "" where no
    household has a point."""
    if kind not in LEVELS or not all(access.may(user, act, area.path) for act in ("household.view", "area.change")):
        return ""
    if not Household.objects.filter(subtree(area.path, "area_path"), longitude__isnull=False).exists():
        return ""
    return reverse("households:proposal", args=[area.code], query={"level": kind})


def accept(*, area: Area, level: str, codes: list[str], on: dt.date, reason: str, by) -> list[Boundary]:
    """Puts the proposals for some places (by code) in force, all or none, as not surveyed. Raises OutlineRefused,
    PermissionDenied for somebody who may not change places and see households there."""
    access.require(by, "household.view", area)
    access.require(by, "area.change", area)
    wanted = [one.drawing for one in propose(area, level, on).proposals if one.area.code in set(codes)]
    return drawing.draw(drawings=wanted, on=on, by=by, origin=Origin(Boundary.Source.PROPOSED, reason=reason))
