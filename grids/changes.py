"""Telling the floors above, without knowing their names: the list of touched days, and the registers into which they
enter what an act on the tree of places does to their rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext

from common.fields import on_day
from grids.models import Area, Placement, TouchedDay

REPORT, CASE, LINK, PLACE, VISIT = "report", "case", "link", "place", "visit"


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


# --- registers ----------------------------------------------------------------------------


class Register(dict):
    """Entries of upper floors by name; entered in AppConfig.ready(), listed by a test."""

    def enter(self, name: str, entry: Callable) -> None:
        self[name] = entry


@dataclass(frozen=True)
class Upheaval:
    """What an act on the tree changed from the day `on`. The areas' own rows are written already."""

    on: dt.date
    paths: list[tuple[str, str]] = field(default_factory=list)  # old and new path of every place that moved as a whole
    areas: list[int] = field(default_factory=list)  # ids of these places and all below them
    heirs: dict[int, Area] = field(default_factory=dict)  # place that ended: where what lay at it itself lies now
    homes: dict[int, Area] = field(default_factory=dict)  # household: its place, where the act says so one by one
    reopened: list[int] = field(default_factory=list)  # ids of places that are there again
    posts: dict[int, int] = field(default_factory=dict)  # post that ended with its place: the one that continues it


@dataclass(frozen=True)
class Hanging:
    """What hangs at a place and below it today: how many of what, and the list that is as long. A place cannot end
    while something that `holds` it is there."""

    key: str
    label: str
    count: int
    url: str = ""
    holds: bool = False


on_move = Register()  # (Upheaval) -> carries the floor's rows along, in the act's transaction; None, or what to keep
what_hangs_here = Register()  # (Area) -> list[Hanging]
what_is_recorded = Register()  # (area ids, since: day, what on_move kept) -> list[str] in words
keeps_open = Register()  # (areas, on: day) -> list[str]: why they cannot end on that day, in words
lies_here = Register()  # (Area) -> list[(id, words)] of the households that lie at the place itself today
proposes_outlines = Register()  # (user, Area, kind) -> address of the page that proposes the outlines below it, or ""
settled_until = Register()  # (Area) -> the last day sealed for the area's village, or None
found_wrong = Register()  # () -> iterable of (code, what), for check_areas


def tell(upheaval: Upheaval) -> dict:
    """Lets every floor carry its rows along; returns by name what a floor wants to find again when the act is taken
    back (JSON)."""
    kept = {name: entry(upheaval) for name, entry in on_move.items()}
    return {name: value for name, value in kept.items() if value}


def rewrite_paths(model) -> Callable:
    """The entry of a table whose rows only carry an `area_path`: one UPDATE replaces the prefix."""

    def rewrite(upheaval):
        run(model, "area_path = m.new || substr(t.area_path, length(m.old) + 1)", upheaval)

    return rewrite


def lost_rows(*models) -> Callable:
    """The entry for check_areas of tables with an `area_path`: rows that lie where no place is."""

    def look():
        for model in models:
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"""SELECT t.area_path, count(*) FROM {table} t WHERE NOT EXISTS
                    (SELECT 1 FROM grids_area a WHERE a.path = t.area_path) GROUP BY 1 ORDER BY 1"""
                )
                for path, count in cursor.fetchall():
                    words = {"n": count, "what": model._meta.verbose_name_plural, "path": path}
                    yield "-", gettext("%(n)d %(what)s at the path %(path)s, where no place is") % words

    return look


def run(model, setting: str, upheaval: Upheaval) -> int:
    """UPDATE of the rows of a model that lie in a moved place; `t` is the row, `m.old` and `m.new` are the paths."""
    if not upheaval.paths:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {model._meta.db_table} t SET {setting}
            FROM (SELECT old COLLATE "C" AS old, new FROM unnest(%s::text[], %s::text[]) u(old, new)) m
            WHERE t.area_path >= m.old AND t.area_path < m.old || '~'""",
            [list(paths) for paths in zip(*upheaval.paths, strict=True)],
        )
        return cursor.rowcount


def hanging_at(area: Area) -> list[Hanging]:
    """Everything the floors know to hang at a place and below it, what there is none of left out."""
    return [one for entry in what_hangs_here.values() for one in entry(area) if one.count]


def lying_at(area: Area) -> list[tuple[int, str]]:
    """The households that lie at a place itself: id and words to choose by."""
    return [one for entry in lies_here.values() for one in entry(area)]


def proposal_of(user, above: Area, kind: str) -> str:
    """Where somebody finds proposed outlines of the places of a kind below a place; "" where there is nothing."""
    return next((address for entry in proposes_outlines.values() if (address := entry(user, above, kind))), "")


def recorded_since(areas, since: dt.date, kept: dict) -> str:
    """In words what was recorded on some areas (by id) on or after a day, "" for nothing. `kept` is what `tell`
    returned of the act that made them."""
    areas = list(areas)
    found = [words for entry in what_is_recorded.values() for words in entry(areas, since, kept)] if areas else []
    return gettext(", ").join(found)


def why_open(areas, on: dt.date) -> str:
    """Why some areas cannot end on a day, in words; "" where nothing keeps them."""
    return " ".join(words for entry in keeps_open.values() for words in entry(areas, on))


def last_settled_day(area: Area) -> dt.date | None:
    """The last day of the area's village that a signed ledger holds; nothing up to it may be corrected."""
    return max((day for entry in settled_until.values() if (day := entry(area))), default=None)
