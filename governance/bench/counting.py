"""Benchmarks of counting: rebuild, one day, one month, against bare GROUP BYs over the same source tables."""

from django.core.management.base import CommandError
from django.db import connection

from common.periods import DAY, MONTH, WEEK, Period, between, day_of, month_of
from governance.bench.by_orm import ByOrm
from governance.bench.county import LAST
from governance.bench.measure import Line, best, cpu, sql, wall
from ledgers import counting
from ledgers.models import OwedPeriod


def floor(first, last):
    """One bare GROUP BY by reporting area over each source table the figures need, same filter, no write."""
    statements = [
        """SELECT area_id, count(*), count(*) FILTER (WHERE late), count(*) FILTER (WHERE nil)
           FROM screening_dailyreport WHERE day BETWEEN %(first)s AND %(last)s AND voided_at IS NULL GROUP BY 1""",
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


swept = sql("VACUUM ledgers_fact")  # what autovacuum does between two rebuilds of a real county


def lines(size, towns):
    """The rows of the table."""
    everything_owed(towns, size.first)
    yield from _rebuild(size, towns)
    yield from _against_orm(towns)
    for period, bound in ((day_of(LAST), 6), (month_of(LAST), 10)):
        work = _once(towns, period)
        cost, bare = best(work, floor(period.start, period.last), before=swept)
        name = "day" if period.kind == DAY else "month"
        yield Line(f"one {name}, all levels", cost, bare, bound, f"{wall(work):.2f} s on the wall")


def _once(towns, period):
    def work():
        with counting.alone(towns):
            counting.count_period(towns, period)

    return work


def _rebuild(size, towns):
    def rebuild(until=LAST):
        return lambda: counting.rebuild(towns, first=size.first, last=until)

    rounds = 5 if size.units * size.days < 500_000 else 2
    months = between(MONTH, size.first, LAST)
    short = months[max(len(months) // 4, 1)].start - (day_of(LAST).until - LAST)
    whole, less, bare = best(rebuild(), rebuild(short), floor(size.first, LAST), rounds=rounds, before=swept)
    rebuild()()
    sql("ANALYZE ledgers_fact")()
    yield Line(f"rebuild of {size.days} days", whole, bare, 20, proposed=25)
    for name, cost in _by_statement(rebuild()).items():
        yield Line(f"  of it: {name}", cost, bare, None)
    share = size.days / ((short - size.first).days + 1)
    yield Line(f"linear in months: {size.days} days against {share:.1f} x a part", whole, less * share, 1.3)


def _by_statement(rebuild):
    """CPU of one more rebuild by kind of statement."""
    found = dict.fromkeys(("removing", "villages by day", "grids by week and month", "adding up"), 0.0)

    def watch(execute, text, values, many, context):
        answer = []
        cost = cpu(lambda: answer.append(execute(text, values, many, context)))
        if text.startswith("DELETE FROM ledgers_fact"):
            found["removing"] += cost
        elif "INSERT INTO ledgers_fact" in text:
            leaf = "WITH duty" in text
            by_day = leaf and set(values["bucket_kinds"]) == {DAY}
            found["villages by day" if by_day else "grids by week and month" if leaf else "adding up"] += cost
        return answer[0]

    swept()
    with connection.execute_wrapper(watch):
        rebuild()
    return found


def _against_orm(towns):
    """The month before last with its days and weeks, every figure at every level, rebuilt and by the ORM."""
    month = Period(MONTH, LAST.replace(day=1)).shift(-1)
    orm = ByOrm(towns, month)
    theirs = cpu(orm.count)
    if found := orm.differences():
        raise CommandError(f"the ORM's figures differ from the facts in {found} rows: nothing can be compared")
    theirs = min(theirs, cpu(lambda: ByOrm(towns, month).count()))
    ours = best(lambda: counting.rebuild(towns, first=month.start, last=month.last), rounds=3, before=swept)[0]
    note = f"{len(orm.rows):,} equal rows of {month.iso_label}"
    yield Line("rebuild of a month against the ORM's group-bys", ours, theirs, 1 / 3, note, proposed=0.45)
