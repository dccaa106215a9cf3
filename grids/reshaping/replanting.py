"""Hanging places with everything below them under another one, from a day on, in a handful of statements."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from common.fields import STEP, step, subtree
from grids import codes
from grids.changes import PLACE, Upheaval
from grids.levels import Levels
from grids.models import Area, Placement
from grids.past import touch_villages
from grids.reshaping import naming

OWN = ("path", "parent_id", "code", "county_id", "town_id", "village_id", "grid_id")
COUNTS = ("grid_id", "village_id", "town_id", "county_id")


@dataclass(frozen=True)
class Replanted:
    """One place, where it hangs from now on, and its code there."""

    area: Area
    parent: Area
    code: str


def replant(steps: list[Replanted], on: dt.date) -> Upheaval:
    """Moves places that do not lie in each other: paths, codes, the columns that say where they count, and the
    placements from the day on. Returns what the floors must be told; call inside a transaction, with all locked."""
    if not steps:
        return Upheaval(on)
    before = _below(steps)
    rows, paths, villages = [], [], set()
    for one in steps:
        top = one.area.path
        paths.append((top, one.parent.path + step(one.area.pk)))
        rows += _moved(one, [area for area in before if area.path.startswith(top)], villages)
    naming.keep([(old, row["code"]) for old, row in rows], on)
    _write([row | {"id": old.pk} for old, row in rows])
    _place([old.pk for old, _row in rows], on)
    touch_villages(villages, on, None, PLACE)
    return Upheaval(on, paths, [old.pk for old, _row in rows])


def _below(steps):
    """The places that move and all below them, ended ones too, parents before children."""
    clause = subtree(steps[0].area.path)
    for one in steps[1:]:
        clause |= subtree(one.area.path)
    return list(Area.objects.filter(clause).order_by("path"))


def _moved(one, areas, villages):
    """(area as it was, its new columns) for a place and all below it."""
    levels, known, found = Levels(), {one.parent.pk: one.parent}, []
    for area in areas:
        is_top = area.pk == one.area.pk
        parent = known[one.parent.pk if is_top else area.parent_id]
        villages.add((area.town_id, area.village_id))
        moved = Area(id=area.pk, kind=area.kind, reports=area.reports)
        levels.count_under(moved, parent)
        moved.path = parent.path + area.path[-STEP:]
        follows = area.ended_on is None and area.code.startswith(one.area.code)
        moved.code = one.code if is_top else one.code + area.code[len(one.area.code) :] if follows else area.code
        moved.parent = parent
        known[area.pk] = moved
        villages.add((moved.town_id, moved.village_id))
        found.append((area, {name: getattr(moved, name) for name in OWN}))
    return found


def _write(rows):
    """One UPDATE of the moved places."""
    values = {name: [row[name] for row in rows] for name in ("id", *OWN)}
    kinds = {"path": "text", "code": "text"}
    arrays = ", ".join(f"%({name})s::{kinds.get(name, 'bigint')}[]" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE grids_area a SET {", ".join(f"{name} = m.{name}" for name in OWN)}
            FROM unnest({arrays}) m({", ".join(values)}) WHERE a.id = m.id""",
            values,
        )


def _place(ids, on):
    """Placements end on the day where they differ, and begin anew; what began on the day itself is rewritten."""
    differs = " OR ".join(f"p.{name} IS DISTINCT FROM a.{name}" for name in COUNTS)
    values = {"ids": ids, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE grids_placement p SET {", ".join(f"{name} = a.{name}" for name in COUNTS)} FROM grids_area a
            WHERE a.id = p.area_id AND a.id = ANY(%(ids)s) AND p.from_day >= %(on)s AND ({differs})""",
            values,
        )
        cursor.execute(
            f"""UPDATE grids_placement p SET until_day = %(on)s FROM grids_area a
            WHERE a.id = p.area_id AND a.id = ANY(%(ids)s) AND p.until_day IS NULL AND p.from_day < %(on)s
            AND ({differs})""",
            values,
        )
    place_anew(ids, on)


def place_anew(ids: list[int], on: dt.date) -> None:
    """A placement from the day on for each of the places that is open and has none."""
    columns = ", ".join(["reports", *COUNTS])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO grids_placement (area_id, from_day, {columns})
            SELECT a.id, %s, {columns} FROM grids_area a WHERE a.id = ANY(%s) AND a.ended_on IS NULL
            AND NOT EXISTS (SELECT 1 FROM grids_placement p WHERE p.area_id = a.id AND p.until_day IS NULL)""",
            [on, ids],
        )


def continue_placements(areas: list[Area], on: dt.date) -> None:
    """Placements of places that are there again: one that ended on this very day goes on, else a new one begins."""
    Placement.objects.filter(area__in=areas, until_day=on).update(until_day=None)
    place_anew([area.pk for area in areas], on)


def codes_for(areas, hangs_from: str) -> list[str]:
    """A code for each of some places of one kind below a code: its own if it continues that already, with its own
    last digits where they are free there, else the next number."""
    if not areas:
        return []
    kind = areas[0].kind
    start, given = codes.stem(kind, hangs_from), []
    taken = codes.used_under(start)
    for area in areas:
        same = start + area.code[len(start) :]
        fits = len(area.code) == codes.LENGTH[kind] and same not in taken and same not in given
        if area.code.startswith(start) and len(area.code) == codes.LENGTH[kind]:
            given.append(area.code)
        else:
            given.append(same if fits else codes.following(kind, hangs_from, beside=given)[0])
    return given
