"""Benchmarks of reading: a subtree's count, the figures of the committee's dashboard."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common import clock
from common.fields import subtree
from common.periods import week_of
from governance.bench.county import LAST, places
from governance.bench.measure import Line, best, sql, wall
from governance.pages.dashboard import WEEKS
from grids.models import Area
from households.models import Household
from ledgers import figures, recount
from ledgers.rows import fetch
from screening.duty import covered, duty_days, holds
from screening.models import DailyReport

NOON = clock.at(LAST, 12)


def subtree_lines(size):
    """Counting in a subtree against raw range SQL, at three levels, and again with ten times the tree."""
    for kind, times in (("village", 50), ("town", 10), ("county", 3)):
        area = Area.objects.filter(kind=kind).order_by("pk").first()
        cost, bare = best(*_counts(DailyReport, area, times))
        yield Line(f"reports in the subtree of a {kind}", cost / times, bare / times, 1.5,
                   proposed=2.4 if kind == "village" else None)  # fmt: skip
    area = Area.objects.filter(kind="village").order_by("pk").first()
    cost, bare = best(*_counts(Household, area, 200))
    note = "a few hundred rows: the ORM's own fixed cost"
    yield Line("households in the subtree of a village", cost / 200, bare / 200, None, note)
    with transaction.atomic():
        places(size, 9, first_county=50, at_work=False)
        sql("ANALYZE grids_area")()
        bigger = best(_areas_below(area, 200))[0]
        transaction.set_rollback(True)
    sql("ANALYZE grids_area")()
    yield Line("areas of a village, ten times the tree", bigger / 200, best(_areas_below(area, 200))[0] / 200, 1.5)


def _areas_below(area, times):
    return lambda: [Area.objects.in_subtree(area).count() for _ in range(times)]


def _counts(model, area, times):
    text = f"SELECT count(*) FROM {model._meta.db_table} WHERE area_path >= %s AND area_path < %s"

    def product():
        for _ in range(times):
            model.objects.filter(subtree(area.path, "area_path")).count()

    def raw():
        with connection.cursor() as cursor:
            for _ in range(times):
                cursor.execute(text, [area.path, area.path + "~"])
                cursor.fetchone()

    return product, raw


def dashboard_lines(size):
    """What the dashboard of the county and of a town reads, exactly as the page asks for it; and the same from raw
    rows, one statement for each kind of figure, area and period. A town has few raw rows beside the fixed cost of the
    page's seven statements: its ratio is shown, the county's is judged, at `small` by what is left beside that cost."""
    for kind, bound in (("county", 1 / 50 if size.units > 3000 else 1 / 20), ("town", None)):
        area = Area.objects.filter(kind=kind).order_by("pk").first()
        yield from _dashboard(area, wants_of(area), bound)


def wants_of(area):
    """The (area, period) pairs of the page: this week, the year, twelve weeks, this week of every part."""
    week = week_of(LAST)
    weeks = [week.shift(-n) for n in range(WEEKS)]
    parts = Area.objects.filter(parent=area).select_related("county", "town", "village")
    return [(area, one) for one in [week, figures.year_to(LAST), *weeks]] + [(part, week) for part in parts]


def _dashboard(area, wants, bound):
    def product():
        return figures.read(wants, now=NOON)

    def raw():
        return {want: _raw(*want) for want in dict.fromkeys(wants)}

    with CaptureQueriesContext(connection) as seen:
        read = product()
    told = {want: read[want[0].pk, want[1]].as_row() for want in wants}
    same = sum(found.items() <= told[want].items() for want, found in raw().items())  # visits are not told raw
    cost, bare = best(product, raw, rounds=3)
    felt = f"{len(seen)} queries, {wall(product):.2f} s on the wall, {same} of {len(set(wants))} equal to raw"
    yield Line(
        f"dashboard figures of a {area.kind} against raw rows", cost, bare, bound, felt, proposed=bound and bound * 1.25
    )
    yield Line(f"queries of the dashboard figures of a {area.kind}", len(seen), 8, 1)


FOUND = {
    "by_field": ("field", recount.FIELDS),
    "by_category": ("category", recount.CATEGORIES),
}
SPELLS = "casework_spell t JOIN casework_case k ON k.id = t.case_id AND k.kind = 'dispute'"
STANDING = {
    "open": (SPELLS, "k", "opened_on", "closed_on"),
    "households": ("households_household t", "t", "from_day", "until_day"),
    "linked": ("households_householdlink t", "t", "from_day", "until_day"),
}


def _raw(area, period):
    """All figures of one area and period from raw rows, as a row of facts would hold them."""
    first, last = period.start, min(period.last, LAST)
    column = f"{area.kind}_id"
    towns = [area.town] if area.town_id else list(Area.objects.filter(kind="town", county=area))
    values = {"area": area.pk, "first": first, "last": last, "towns": [town.pk for town in towns]}
    place = "{0}.town_id = ANY(%(towns)s)" if area.kind == "county" else "{0}." + column + " = %(area)s"
    row = _raw_duty(towns, place.format("p"), values) | _raw_flows(place, values)
    for name, (code, codes) in FOUND.items():
        rows = fetch(
            f"""SELECT {code} AS code, count(*) AS n FROM screening_finding f WHERE {place.format("f")}
                AND f.day BETWEEN %(first)s AND %(last)s AND f.withdrawn_by_id IS NULL GROUP BY 1""",
            values,
        )
        found = {one["code"]: one["n"] for one in rows}
        row[name] = [found.get(one, 0) for one in codes]
    row["findings"] = sum(row["by_field"])
    for name, (source, owner, begins, ends) in STANDING.items():
        rows = fetch(
            f"""SELECT count(*) AS n FROM {source} WHERE {place.format(owner)}
                AND t.{begins} <= %(last)s AND (t.{ends} IS NULL OR t.{ends} > %(last)s)""",
            values,
        )
        row[name] = rows[0]["n"]
    return row


def _raw_duty(towns, place, values):
    due = duty_days(towns, values["first"], values["last"])
    (row,) = fetch(
        f"""SELECT count(*) AS expected, count(*) FILTER (WHERE NOT late) AS on_time,
                count(*) FILTER (WHERE late) AS late, count(*) FILTER (WHERE nil) AS nil,
                count(*) FILTER (WHERE late IS NULL AND NOT there) AS excused,
                count(*) FILTER (WHERE late IS NULL AND there AND pending) AS pending,
                count(*) FILTER (WHERE late IS NULL AND there AND NOT pending) AS missing
            FROM (SELECT d.pending, r.late, r.nil, r.id IS NOT NULL OR {covered("p.area_id", "d.day")} AS there
                FROM unnest(%(duty_towns)s::bigint[], %(duty_days)s::date[], %(pending)s::boolean[])
                    AS d(town_id, day, pending)
                JOIN grids_placement p ON p.town_id = d.town_id AND p.reports AND {holds("p", "d.day")}
                LEFT JOIN screening_dailyreport r ON r.area_id = p.area_id AND r.day = d.day AND r.voided_at IS NULL
                WHERE {place}) x""",
        values | {"duty_towns": [d.town_id for d in due], "duty_days": [d.day for d in due],
                  "pending": [d.due_by > NOON for d in due]},
    )  # fmt: skip
    return row


def _raw_flows(place, values):
    (row,) = fetch(
        f"""SELECT count(*) FILTER (WHERE way = 'new') AS opened, count(*) FILTER (WHERE way = 'again') AS reopened,
                count(*) FILTER (WHERE way = 'settled') AS settled,
                count(*) FILTER (WHERE way = 'unsettled') AS unsettled,
                count(*) FILTER (WHERE way = 'transferred') AS transferred,
                count(*) FILTER (WHERE way = 'duplicate') AS duplicates
            FROM (SELECT s.case_id, CASE WHEN s.round = 1 THEN 'new' ELSE 'again' END AS way FROM casework_spell s
                    WHERE s.opened_on BETWEEN %(first)s AND %(last)s
                UNION ALL SELECT s.case_id, s.closed_as FROM casework_spell s
                    WHERE s.closed_on BETWEEN %(first)s AND %(last)s) e
            JOIN casework_case k ON k.id = e.case_id AND k.kind = 'dispute' WHERE {place.format("k")}""",
        values,
    )
    return row
