"""Benchmarks of counting: rebuild, one day, one month, against bare GROUP BYs over the same source tables."""

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth, TruncWeek

from common.periods import DAY, MONTH, WEEK, Period, between
from governance.bench.county import LAST
from governance.bench.measure import Line, best, cpu
from ledgers import counting
from ledgers.models import OwedPeriod
from screening.models import DailyReport, Finding


def floor(first, last):
    """One bare GROUP BY by reporting area over each source table the figures need, same filter, no write."""
    statements = [
        """SELECT area_id, count(*), count(*) FILTER (WHERE late), count(*) FILTER (WHERE nil) FROM screening_dailyreport
           WHERE day BETWEEN %(first)s AND %(last)s AND voided_at IS NULL GROUP BY 1""",
        """SELECT grid_id, field, count(*) FROM screening_finding
           WHERE day BETWEEN %(first)s AND %(last)s AND withdrawn_by_id IS NULL GROUP BY 1, 2""",
        """SELECT grid_id, category, count(*) FROM screening_finding
           WHERE day BETWEEN %(first)s AND %(last)s AND withdrawn_by_id IS NULL GROUP BY 1, 2""",
        """SELECT k.grid_id, s.closed_as, count(*) FROM casework_spell s JOIN casework_case k ON k.id = s.case_id
           WHERE s.opened_on <= %(last)s AND (s.closed_on IS NULL OR s.closed_on >= %(first)s) GROUP BY 1, 2""",
        """SELECT grid_id, count(*) FROM households_household
           WHERE from_day <= %(last)s AND (until_day IS NULL OR until_day > %(first)s) GROUP BY 1""",
        """SELECT grid_id, count(*) FROM households_householdlink
           WHERE from_day <= %(last)s AND (until_day IS NULL OR until_day > %(first)s) GROUP BY 1""",
        """SELECT area_id, count(*) FROM grids_post
           WHERE from_day <= %(last)s AND (until_day IS NULL OR until_day > %(first)s) GROUP BY 1""",
    ]

    def work():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, {"first": first, "last": last})
                cursor.fetchall()

    return work


def everything_owed(towns, first):
    """Marks all closed periods of the county as counted, so that a rebuild covers them."""
    rows = [
        OwedPeriod(town=town, kind=kind, start=period.start, due_at=f"{LAST} 23:00+08", done_at=f"{LAST} 23:30+08")
        for town in towns
        for kind in (DAY, WEEK, MONTH)
        for period in between(kind, first, LAST)
        if period.last <= LAST
    ]
    OwedPeriod.objects.bulk_create(rows, batch_size=5000)


def orm(first, last):
    """The same figures by the ORM, one group-by a level and period, nothing written."""
    day = {"day": F("day"), "week": TruncWeek("day"), "month": TruncMonth("day")}
    counts = {"n": Count("id"), "lates": Count("id", filter=Q(late=True)), "nils": Count("id", filter=Q(nil=True))}
    wanted = [("area", "week"), ("area", "month")]
    wanted += [(unit, kind) for unit in ("village", "town") for kind in day] + [("town__county", k) for k in day]

    def work():
        for unit, kind in wanted:
            reports = DailyReport.objects.filter(day__range=(first, last), voided_at__isnull=True)
            list(reports.values(unit, start=day[kind]).annotate(**counts))
            findings = Finding.objects.filter(day__range=(first, last), withdrawn_by__isnull=True)
            place = "grid" if unit == "area" else unit
            list(findings.values(place, "field", start=day[kind]).annotate(n=Count("id")))
            list(findings.values(place, "category", start=day[kind]).annotate(n=Count("id")))

    return work


def lines(size, towns):
    """The rows of the table."""
    first = size.first
    everything_owed(towns, first)
    yield from _rebuild(size, towns)
    day, month = Period(DAY, LAST), Period(MONTH, LAST.replace(day=1))

    def once(period):
        def work():
            with counting.alone(towns):
                counting.count_period(towns, period)

        return work

    cost, bare = best(once(day), floor(day.start, day.last))
    yield Line("one day, all levels", cost, bare, 6)
    cost, bare = best(once(month), floor(month.start, month.last))
    yield Line("one month, all levels", cost, bare, 10)


def _rebuild(size, towns):
    first, quarter = size.first, between(MONTH, size.first, LAST)

    def rebuild(until=LAST):
        return lambda: counting.rebuild(towns, first=first, last=until)

    rounds = 5 if size.units * size.days < 500_000 else 2
    bare = best(floor(first, LAST), rounds=rounds)[0]
    cost = best(rebuild(), rounds=rounds)[0]
    yield Line(f"rebuild of {size.days} days", cost, bare, 20)
    yield Line("the same by the ORM, figures of reports and findings only", cpu(orm(first, LAST)), bare, None)
    yield Line("rebuild against the ORM", cost, cpu(orm(first, LAST)), 1 / 3)
    part = max(len(quarter) // 4, 1)
    short = quarter[part].start - (quarter[1].start - quarter[0].start) // 99
    less = best(rebuild(short), rounds=rounds)[0]
    share = size.days / ((short - first).days + 1)
    yield Line(f"linear in months: {size.days} days against {share:.1f} x a part", cost, less * share, 1.3)


def total(rows):
    """Sum of a column, for the checks of a generated county."""
    return rows.aggregate(n=Sum("expected"))["n"]
