"""Telling the floor above that something changed, without knowing its name: the list of touched days."""

import datetime as dt
from dataclasses import dataclass

from common.fields import on_day
from grids.models import Placement, TouchedDay

REPORT, CASE, LINK, PLACE = "report", "case", "link", "place"


@dataclass(frozen=True)
class Where:
    """Ids of the areas a day's row counts under; `grid` may be missing, `village` is the unit under the town."""

    grid_id: int | None
    village_id: int
    town_id: int


def where(area_id: int, day: dt.date) -> Where | None:
    """Under which areas something at `area_id` counts on `day`; None when the area was not open then."""
    row = Placement.objects.filter(on_day(day), area_id=area_id).values("grid_id", "village_id", "town_id").first()
    return Where(**row) if row else None


def touch(place, day: dt.date, kind: str) -> None:
    """Marks a day of a village as to be counted anew, in the caller's transaction.
    `place` has `village_id` and `town_id` (a Where, or a row that counts there)."""
    TouchedDay.objects.create(town_id=place.town_id, village_id=place.village_id, day=day, kind=kind)
