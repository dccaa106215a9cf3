"""Figures of places below the grid (micro-grids, small grids, villager groups), from the rows that lie in them.

No facts are stored for them: one statement counts them all, each by a range of the index over the area path."""

import datetime as dt

from common import clock
from common.periods import Period
from ledgers.rows import fetch
from ledgers.tally import Figures

WITHIN = """{0}.area_path >= p.path AND {0}.area_path < p.path || '~'"""
STANDS = "{0}.from_day <= %(last)s AND ({0}.until_day IS NULL OR {0}.until_day > %(last)s)"
DISPUTES = f"""casework_spell s JOIN casework_case k ON k.id = s.case_id AND k.kind = 'dispute'
    WHERE {WITHIN.format("k")}"""
COUNTED = {
    "findings": f"""screening_finding f WHERE {WITHIN.format("f")} AND f.withdrawn_by_id IS NULL
        AND f.day BETWEEN %(first)s AND %(last)s""",
    "opened": f"{DISPUTES} AND s.round = 1 AND s.opened_on BETWEEN %(first)s AND %(last)s",
    "settled": f"{DISPUTES} AND s.closed_as = 'settled' AND s.closed_on BETWEEN %(first)s AND %(last)s",
    "open": f"{DISPUTES} AND s.opened_on <= %(last)s AND (s.closed_on IS NULL OR s.closed_on > %(last)s)",
    "households": f"households_household h WHERE {WITHIN.format('h')} AND {STANDS.format('h')}",
    "linked": f"households_householdlink l WHERE l.cadre_id IS NULL AND {WITHIN.format('l')} AND {STANDS.format('l')}",
}


def read(areas, period: Period, *, today: dt.date | None = None) -> dict:
    """A dict from area id to Figures with findings, opened, settled, open, households and linked; a place below the
    grid files no report, so the duty counts stay 0. One query."""
    areas = list(areas)
    if not areas:
        return {}
    last = min(period.last, today or clock.today())
    counts = ", ".join(f"(SELECT count(*) FROM {source})::int AS {name}" for name, source in COUNTED.items())
    rows = fetch(
        f"""SELECT p.id, {counts}
            FROM (SELECT u.id, u.path COLLATE "C" AS path
                FROM unnest(%(ids)s::bigint[], %(paths)s::text[]) u(id, path)) p""",
        {"ids": [a.pk for a in areas], "paths": [a.path for a in areas], "first": period.start, "last": last},
    )
    found = {}
    for row in rows:
        found[row.pop("id")] = one = Figures()
        one.counts |= row
    return found
