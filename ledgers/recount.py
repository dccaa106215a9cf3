"""The one SQL that counts: figures of villages or grids, by day, week, month or span, from committed rows alone.

Used to store facts and to read today and touched days live, so both always agree. Each part below groups one source
table by itself before anything is joined, so that a report with two findings is still one report."""

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass

from casework.codes import CATEGORIES, FIELDS, Closing
from common.periods import Period, days
from grids.models import Area
from grids.roles import Role
from ledgers import stocks
from ledgers.models import COUNTS, STOCKS
from ledgers.rows import fetch
from screening.duty import DutyDay, covered, duty_days, holds

VILLAGE, GRID = "village_id", "grid_id"


@dataclass(frozen=True)
class Bucket:
    """Days that become one row, named by kind and `start`; cut to first..last where only part is counted. Buckets may
    overlap: the weeks and the month of the same days are counted in one go."""

    start: dt.date
    first: dt.date
    last: dt.date
    kind: str = ""

    @classmethod
    def of(cls, period: Period):
        return cls(period.start, period.start, period.last, period.kind)


@dataclass(frozen=True)
class Scope:
    """What is counted: all of some towns, or only some of their villages; `as_of` decides what is still pending."""

    towns: tuple[Area, ...]
    as_of: dt.datetime
    villages: tuple[int, ...] | None = None
    duty: tuple[DutyDay, ...] | None = None  # the towns' duty days, where the caller has read them already
    is_small: bool = False  # a small share of all rows: look them up by village instead of reading whole tables


def parameters(scope: Scope, buckets: list[Bucket]) -> dict:
    """The values for the SQL: duty days, the calendar from days to buckets, and the scope. Days that lie in the same
    buckets form a stretch, so that reports are grouped once however many buckets hold them."""
    first, last = min(b.first for b in buckets), max(b.last for b in buckets)
    calendar = [(day, n) for n, b in enumerate(buckets) for day in days(b.first, b.last)]
    holding = {}
    for day, n in calendar:
        holding.setdefault(day, []).append(n)
    stretches = {held: n for n, held in enumerate(dict.fromkeys(map(tuple, holding.values())))}
    duty = scope.duty
    if duty is None:
        duty = duty_days(scope.towns, first, min(last, scope.as_of.date()))
    duty = [d for d in duty if d.day in holding and d.day <= scope.as_of.date()]
    ends = sorted({b.last for b in buckets})
    end_of = {day: ends[bisect_left(ends, day)] for day in days(first, last)}
    parts = [(stretch, n) for held, stretch in stretches.items() for n in held]
    return {
        "towns": [town.pk for town in scope.towns],
        "villages": list(scope.villages or ()),
        "first": first,
        "last": last,
        "duty_towns": [d.town_id for d in duty],
        "duty_days": [d.day for d in duty],
        "duty_stretches": [stretches[tuple(holding[d.day])] for d in duty],
        "duty_pending": [d.due_by > scope.as_of for d in duty],
        "stretches": [stretch for stretch, _ in parts],
        "stretch_buckets": [n for _, n in parts],
        "end_days": list(end_of),
        "ends": list(end_of.values()),
        "days": [day for day, _ in calendar],
        "day_buckets": [n for _, n in calendar],
        "bucket_kinds": [b.kind for b in buckets],
        "bucket_starts": [b.start for b in buckets],
        "bucket_lasts": [b.last for b in buckets],
    }


def select(unit: str, scope: Scope) -> str:
    """The SELECT that gives unit, kind, start, all counts, the two arrays and the stocks; one row a unit and bucket.

    The parts are laid one below the other and added up in one pass, which costs half of joining them side by side."""
    only = _Only(scope)
    parts = {name: part(unit, only) for name, part in PARTS.items() if name != "units" or unit == VILLAGE}
    sums = ", ".join(f"sum({name}) AS {name}" for name in EVERY)
    return f"""
    WITH duty AS MATERIALIZED (SELECT * FROM unnest(%(duty_towns)s::bigint[], %(duty_days)s::date[],
            %(duty_stretches)s::int[], %(duty_pending)s::boolean[]) AS d(town_id, day, stretch, pending)),
        stretches AS MATERIALIZED (SELECT * FROM unnest(%(stretches)s::int[], %(stretch_buckets)s::int[])
            AS s(stretch, bucket)),
        calendar AS MATERIALIZED (SELECT * FROM unnest(%(days)s::date[], %(day_buckets)s::int[]) AS c(day, bucket)),
        buckets AS MATERIALIZED (SELECT (bucket - 1)::int AS bucket, kind, start, last
            FROM unnest(%(bucket_kinds)s::text[], %(bucket_starts)s::date[], %(bucket_lasts)s::date[])
            WITH ORDINALITY AS b(kind, start, last, bucket)),
        within AS MATERIALIZED (SELECT array_agg(v.id) AS ids FROM grids_area v
            WHERE v.id = v.village_id AND v.town_id = ANY(%(towns)s::bigint[]))
    SELECT x.unit, b.kind, b.start, {", ".join(f"{sql} AS {name}" for name, sql in _columns().items())}
    FROM (SELECT unit, bucket, {sums}, max(by_field) AS by_field, max(by_category) AS by_category
        FROM ({" UNION ALL ".join(_laid(name, sql) for name, sql in parts.items())}) parts
        GROUP BY 1, 2 HAVING sum(is_unit) > 0) x
    JOIN buckets b USING (bucket)"""


# nothing is counted of a place before it was opened and its town began to work with the platform
SINCE = "greatest(a.opened_on, w.in_use_from)"


def _laid(name, sql):
    """One part with the columns of all parts, its own filled."""
    columns = [column if column in COLUMNS_OF[name] else "NULL::int" for column in EVERY]
    arrays = ["by_field", "by_category"] if name == "found" else ["NULL::int[]"] * 2
    names = ", ".join(f"{value} AS {column}" for value, column in zip(columns, EVERY, strict=True))
    return f"""SELECT unit, bucket, {names}, {arrays[0]} AS by_field, {arrays[1]} AS by_category
        FROM ({sql}) {name}"""


MOVED_GRIDS = """SELECT array_agg(DISTINCT p.village_id) FROM grids_placement p
    WHERE p.reports AND p.area_id <> p.village_id AND p.town_id = ANY(%(towns)s::bigint[])
    GROUP BY p.area_id HAVING count(DISTINCT p.village_id) > 1"""


def sharing_grids(towns, villages) -> set[int]:
    """Some villages (ids), and those that had a grid in common with one of them: a grid that moved from one to the
    other can only be counted from the rows of both."""
    groups = [set(row["array_agg"]) for row in fetch(MOVED_GRIDS, {"towns": [town.pk for town in towns]})]
    found, grown = set(villages), True
    while grown:
        joined = found.union(*(group for group in groups if group & found))
        grown, found = joined != found, joined
    return found


class _Only:
    """The WHERE clause of a scope, for a table alias that carries town_id and village_id."""

    def __init__(self, scope):
        self.villages = scope.villages is not None
        self.is_small = scope.is_small

    def __call__(self, alias):
        clause = f"{alias}.town_id = ANY(%(towns)s::bigint[])"
        if self.villages:
            return f"{clause} AND {alias}.village_id = ANY(%(villages)s::bigint[])"
        if self.is_small:
            return f"{clause} AND {alias}.village_id = ANY((SELECT ids FROM within)::bigint[])"
        return clause


def _columns():
    """What each column of the result is made of."""
    open_due = "coalesce(due_open, 0) - coalesce(filed_open, 0) - coalesce(excused_open, 0)"
    columns = {name: f"coalesce({name}, 0)::int" for name in [*COUNTS, *STOCKS]}
    columns["expected"] = "coalesce(due, 0)::int"
    columns["on_time"] = "coalesce(filed - late, 0)::int"
    columns["pending"] = f"({open_due})::int"
    columns["missing"] = f"(coalesce(due, 0) - coalesce(filed, 0) - coalesce(excused, 0) - ({open_due}))::int"
    return columns | {"by_field": "by_field", "by_category": "by_category"}


def _units(unit, only):
    """Every village that ever was, open or ended, so that a case settled after its end still has its row."""
    return f"""SELECT a.id AS unit, b.bucket, 1 AS is_unit
        FROM grids_area a JOIN grids_townprofile w ON w.town_id = a.town_id JOIN buckets b ON b.last >= {SINCE}
        WHERE a.id = a.village_id AND {only("a")}"""


def _unit_of(placement, unit):
    return f"{placement}.village_id" if unit == VILLAGE else f"{placement}.area_id"


def _due(unit, only):
    """Reports expected: reporting areas open on the day x duty days of their town. Areas open throughout, nearly all,
    are multiplied; only the few that opened or ended in the meantime are gone through day by day. Every grid that ever
    reported has its row here, with 0 where it is not open."""
    place = _unit_of("p", unit)
    throughout = "p.from_day <= %(first)s AND (p.until_day IS NULL OR p.until_day > %(last)s)"
    since, begun = "NULL::date", ""  # villages have their row from `_units`
    if unit == GRID:
        since = f"max({SINCE}) FILTER (WHERE p.area_id <> p.village_id)"
        begun = "JOIN grids_area a ON a.id = p.area_id JOIN grids_townprofile w ON w.town_id = p.town_id"
    return f"""SELECT areas.unit, d.bucket, coalesce(d.last >= areas.since, false)::int AS is_unit,
            areas.n * d.n AS due, areas.n * d.open AS due_open
        FROM (SELECT {place} AS unit, p.town_id, {since} AS since, count(*) FILTER (WHERE {throughout})::int AS n
            FROM grids_placement p {begun} WHERE p.reports AND {only("p")} GROUP BY 1, 2) areas
        JOIN (SELECT t.town_id, b.bucket, b.last, count(s.stretch)::int AS n,
                (count(s.stretch) FILTER (WHERE duty.pending))::int AS open
            FROM unnest(%(towns)s::bigint[]) t(town_id) CROSS JOIN buckets b
            LEFT JOIN (duty JOIN stretches s USING (stretch)) ON duty.town_id = t.town_id AND s.bucket = b.bucket
            GROUP BY 1, 2, 3) d ON d.town_id = areas.town_id
        UNION ALL SELECT {place}, s.bucket, 0, count(*)::int, count(*) FILTER (WHERE d.pending)::int
        FROM (SELECT * FROM grids_placement p WHERE p.reports AND {only("p")} AND NOT ({throughout}) OFFSET 0) p
        JOIN duty d ON d.town_id = p.town_id AND {holds("p", "d.day")} JOIN stretches s USING (stretch)
        GROUP BY 1, 2"""


def _filed(unit, only):
    """Standing reports of areas that were due on the day. Whether the area was open is asked only for the few that
    opened or ended in the meantime; OFFSET 0 keeps the planner from looking reports up day by day."""
    own = "r.village_id" if unit == VILLAGE else "r.area_id"
    once = f"""SELECT {own} AS unit, d.stretch, count(*)::int AS filed, count(*) FILTER (WHERE r.late)::int AS late,
            count(*) FILTER (WHERE r.nil)::int AS nil, count(*) FILTER (WHERE d.pending)::int AS filed_open
        FROM (SELECT r.area_id, r.village_id, r.town_id, r.day, r.late, r.nil FROM screening_dailyreport r
            WHERE r.day BETWEEN %(first)s AND %(last)s AND r.voided_at IS NULL AND {only("r")}
            AND (r.area_id NOT IN (SELECT p.area_id FROM grids_placement p WHERE p.reports AND {only("p")}
                    AND (p.from_day > %(first)s OR p.until_day <= %(last)s))
                OR EXISTS (SELECT 1 FROM grids_placement p WHERE p.area_id = r.area_id AND p.reports
                    AND {holds("p", "r.day")})) OFFSET 0) r
        JOIN duty d ON d.town_id = r.town_id AND d.day = r.day GROUP BY 1, 2"""
    return f"SELECT once.*, s.bucket FROM ({once}) once JOIN stretches s USING (stretch)"


def _excused(unit, only):
    """Due, not filed, and nobody there. Areas with one worker there throughout are put aside first: they are most."""
    always = f"""EXISTS (SELECT 1 FROM grids_post w WHERE w.area_id = p.area_id AND w.role = {Role.GRID_WORKER.value}
        AND w.from_day <= %(first)s AND (w.until_day IS NULL OR w.until_day > %(last)s)
        AND NOT EXISTS (SELECT 1 FROM grids_leave a WHERE a.post_id = w.id AND a.stand_in_id IS NULL
            AND a.from_day <= %(last)s AND a.until_day > %(first)s))"""
    return f"""SELECT {_unit_of("p", unit)} AS unit, s.bucket, count(*)::int AS excused,
            count(*) FILTER (WHERE d.pending)::int AS excused_open
        FROM (SELECT * FROM grids_placement p WHERE p.reports AND {only("p")} AND NOT {always} OFFSET 0) p
        JOIN duty d ON d.town_id = p.town_id AND {holds("p", "d.day")} JOIN stretches s USING (stretch)
        WHERE NOT {covered("p.area_id", "d.day")} AND NOT EXISTS (SELECT 1 FROM screening_dailyreport r
            WHERE r.area_id = p.area_id AND r.day = d.day AND r.voided_at IS NULL) GROUP BY 1, 2"""


def _found(unit, only):
    """Standing findings, with their seven fields and eighteen categories as arrays in the order of the code tables."""
    fields = ", ".join(f"count(*) FILTER (WHERE f.field = '{code}')::int" for code in FIELDS)
    categories = ", ".join(f"count(*) FILTER (WHERE f.category = '{code}')::int" for code in CATEGORIES)
    return f"""SELECT f.{unit} AS unit, c.bucket, count(*)::int AS findings, ARRAY[{fields}] AS by_field,
            ARRAY[{categories}] AS by_category
        FROM screening_finding f JOIN calendar c ON c.day = f.day
        WHERE f.day BETWEEN %(first)s AND %(last)s AND f.withdrawn_by_id IS NULL AND {only("f")} GROUP BY 1, 2"""


def _flows(unit, only):
    """Disputes found, reopened and ended, each on its own day; spells, so that reopening rewrites nothing."""
    ways = {"settled": Closing.SETTLED, "unsettled": Closing.UNSETTLED,
            "transferred": Closing.TRANSFERRED, "duplicates": Closing.DUPLICATE}  # fmt: skip
    ended = ", ".join(f"count(*) FILTER (WHERE e.way = '{way.value}')::int AS {name}" for name, way in ways.items())
    return f"""SELECT k.{unit} AS unit, c.bucket, count(*) FILTER (WHERE e.way = 'new')::int AS opened,
            count(*) FILTER (WHERE e.way = 'again')::int AS reopened, {ended}
        FROM (SELECT s.case_id, s.opened_on AS day, CASE WHEN s.round = 1 THEN 'new' ELSE 'again' END AS way
                FROM casework_spell s WHERE s.opened_on BETWEEN %(first)s AND %(last)s
              UNION ALL SELECT s.case_id, s.closed_on, s.closed_as
                FROM casework_spell s WHERE s.closed_on BETWEEN %(first)s AND %(last)s) e
        JOIN calendar c ON c.day = e.day JOIN casework_case k ON k.id = e.case_id AND k.kind = 'dispute'
        WHERE {only("k")} GROUP BY 1, 2"""


def _paid(unit, only):
    """Visits at home on their days, and those of them that found nobody."""
    return f"""SELECT v.{unit} AS unit, c.bucket, count(*)::int AS visits,
            count(*) FILTER (WHERE v.result = 'nobody')::int AS nobody_home
        FROM screening_visit v JOIN calendar c ON c.day = v.day
        WHERE v.day BETWEEN %(first)s AND %(last)s AND v.kind = 'home' AND v.withdrawn_at IS NULL AND {only("v")}
        AND v.{unit} IS NOT NULL GROUP BY 1, 2"""


def _stocks(unit, only):
    """Open disputes, households and links at the end of each bucket."""
    return stocks.standing(stocks.STOCKED, unit, only)


def _due_visits(unit, only):
    """Households due, visited and overdue at the end of each bucket."""
    return stocks.standing(stocks.PLANNED, unit, only, before=stocks.planned(only))


PARTS = {
    "units": _units, "due": _due, "filed": _filed, "excused": _excused, "found": _found, "flows": _flows,
    "stocks": _stocks, "paid": _paid, "due_visits": _due_visits,
}  # fmt: skip
COLUMNS_OF = {
    "units": ["is_unit"],
    "due": ["is_unit", "due", "due_open"],
    "filed": ["filed", "late", "nil", "filed_open"],
    "excused": ["excused", "excused_open"],
    "found": ["findings"],
    "flows": ["opened", "reopened", "settled", "unsettled", "transferred", "duplicates"],
    "stocks": list(stocks.STOCKED),
    "paid": ["visits", "nobody_home"],
    "due_visits": list(stocks.PLANNED),
}
EVERY = list(dict.fromkeys(column for columns in COLUMNS_OF.values() for column in columns))
