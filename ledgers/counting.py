"""Counting: storing the figures of closed days, weeks and months, and keeping them true when a day is touched.

Always a recount of committed rows, never an addition to a counter; one transaction under a lock per county; a rebuild
runs the same statements, so incremental and rebuilt figures are equal to the row (architecture, Counting)."""

import datetime as dt
from contextlib import contextmanager

from django.db import connection, transaction

from casework.codes import CATEGORIES, FIELDS
from common import periods
from common.periods import DAY, MONTH, WEEK, Period
from grids.models import Area, TouchedDay, TownProfile
from ledgers import drafting, recount
from ledgers.models import COUNTS, STOCKS, OwedPeriod
from ledgers.recount import GRID, VILLAGE, Bucket, Scope

COLUMNS = [*COUNTS, *STOCKS, "by_field", "by_category"]
LASTING = {"case", "link", "place", "visit"}  # touches that move the stock of every later day too


@contextmanager
def alone(towns):
    """One transaction, one counter at a time per county: parallel runs wait instead of writing the same rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL enable_sort = off")  # days given as arrays have no statistics: always group by hash
        for county in sorted({town.county_id or town.pk for town in towns}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x6C656467, county % 2**31])
        yield


def _run(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def _upsert(select):
    """Stores a SELECT of (unit, kind, start, columns…) as facts."""
    names = ", ".join(COLUMNS)
    changed = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
    return f"""INSERT INTO ledgers_fact (area_id, kind, start, {names})
        SELECT unit, kind, start, {names} FROM ({select}) counted
        ON CONFLICT (area_id, kind, start) DO UPDATE SET {changed}"""


def count_days(towns, first: dt.date, last: dt.date, *, villages=None) -> None:
    """Counts every village (or only some, by id), the towns and their county for the closed days first..last.
    Call inside `alone`."""
    buckets = [Bucket.of(periods.day_of(day)) for day in periods.days(first, last)]
    scope = _closed_scope(towns, last, villages)
    _run(_upsert(recount.select(VILLAGE, scope)), recount.parameters(scope, buckets))
    _add_up_days(towns, [b.start for b in buckets])


def count_grids(towns, found: list[Period], *, villages=None) -> None:
    """Counts the grids for closed weeks and months, all in one go. Call inside `alone`. In its first week and month a
    town is counted from the day it began, as its villages are."""
    villages = recount.sharing_grids(towns, villages) if villages is not None else None
    since = dict(TownProfile.objects.filter(town__in=towns).values_list("town_id", "in_use_from"))
    first, together = min(period.start for period in found), {}
    for town in towns:
        together.setdefault(max(since[town.pk], first), []).append(town)
    for begin, some in together.items():
        scope = _closed_scope(some, max(period.last for period in found), villages)
        buckets = [Bucket(p.start, max(p.start, begin), p.last, p.kind) for p in found if p.last >= begin]
        _run(_upsert(recount.select(GRID, scope)), recount.parameters(scope, buckets))


def _closed_scope(towns, last, villages):
    """A scope in which nothing is pending: the moment is well after the last day's cut-off."""
    as_of = periods.end_of(last)
    return Scope(tuple(towns), as_of, tuple(villages) if villages is not None else None)


def _sums():
    """Columns added up over rows of ledgers_fact f: counts and arrays summed, stocks left to the caller."""
    arrays = {"by_field": len(FIELDS), "by_category": len(CATEGORIES)}
    sums = {name: f"sum(f.{name})::int" for name in COUNTS}
    for name, size in arrays.items():
        cells = ", ".join(f"coalesce(sum(f.{name}[{n}]), 0)::int" for n in range(1, size + 1))
        sums[name] = f"CASE WHEN sum(f.findings) > 0 THEN ARRAY[{cells}] END"
    return sums


def _columns(stock):
    cells = _sums() | {name: stock.format(name=name) for name in STOCKS}
    return ", ".join(f"{cells[name]} AS {name}" for name in COLUMNS)


def _add_up_days(towns, days):
    """Days of the towns from their villages as they were placed that day, then of the county from its towns. A village
    that ended counts where it was placed last: its open disputes are still the town's."""
    for upper, below in (("town_id", "p.area_id = p.village_id"), ("county_id", "p.area_id = p.town_id")):
        owners = {
            "town_id": [town.pk for town in towns],
            "county_id": list({town.county_id for town in towns} - {None}),
        }
        select = f"""SELECT p.{upper} AS unit, f.kind, f.start, {_columns("sum(f.{name})::int")}
            FROM ledgers_fact f JOIN grids_placement p ON p.area_id = f.area_id AND {below}
                AND p.from_day <= f.start AND NOT EXISTS (SELECT 1 FROM grids_placement q
                    WHERE q.area_id = p.area_id AND q.from_day > p.from_day AND q.from_day <= f.start)
            WHERE f.kind = 'D' AND f.start = ANY(%(days)s::date[]) AND p.{upper} = ANY(%(owners)s::bigint[])
            GROUP BY 1, 2, 3"""
        _run(_upsert(select), {"days": days, "owners": owners[upper]})


def add_up(towns, found: list[Period], *, villages=None) -> None:
    """Weeks and months of villages, towns and county from their own days. Call inside `alone`. Days that lie in the
    same periods are added up first, once for all these periods."""
    stock = "coalesce(max(f.{name}) FILTER (WHERE f.%s = %s.last), 0)::int"
    select = f"""SELECT f.unit, c.kind, c.start, {_columns(stock % ("last", "c"))}
        FROM (SELECT f.area_id AS unit, s.stretch, s.last, {_columns(stock % ("start", "s"))}
            FROM ledgers_fact f
            JOIN unnest(%(days)s::date[], %(stretches)s::int[], %(ends)s::date[]) AS s(day, stretch, last)
                ON s.day = f.start
            WHERE f.kind = 'D' AND f.area_id = ANY(%(areas)s::bigint[]) GROUP BY 1, 2, 3) f
        JOIN unnest(%(parts)s::int[], %(kinds)s::text[], %(starts)s::date[], %(lasts)s::date[])
            AS c(stretch, kind, start, last) USING (stretch) GROUP BY 1, 2, 3"""
    areas = set(villages) if villages is not None else set(_villages(towns))
    areas |= {town.pk for town in towns} | {town.county_id for town in towns} - {None}
    _run(_upsert(select), _stretches(found) | {"areas": list(areas)})


def _stretches(found):
    """The values for `add_up`: which day lies in which stretch, where a stretch ends, and the periods it is part of."""
    holding = {}
    for period in found:
        for day in period.days:
            holding.setdefault(day, []).append(period)
    numbers = {held: n for n, held in enumerate(dict.fromkeys(map(tuple, holding.values())))}
    stretch_of = {day: numbers[tuple(held)] for day, held in sorted(holding.items())}
    ends = {stretch: day for day, stretch in stretch_of.items()}
    parts = [(n, period) for held, n in numbers.items() for period in held]
    return {
        "days": list(stretch_of), "stretches": list(stretch_of.values()),
        "ends": [ends[n] for n in stretch_of.values()],
        "parts": [n for n, _ in parts], "kinds": [period.kind for _, period in parts],
        "starts": [period.start for _, period in parts], "lasts": [period.last for _, period in parts],
    }  # fmt: skip


def _villages(towns):
    """Ids of all units under the towns."""
    units = Area.objects.filter(town__in=towns).filter(village_id__isnull=False).values_list("village_id", flat=True)
    return units.distinct()


def count_period(towns, period: Period) -> None:
    """Counts one closed day, week or month of some towns of one county; running it again changes nothing."""
    if period.kind == DAY:
        count_days(towns, period.start, period.start)
        return
    count_grids(towns, [period])
    add_up(towns, [period])


def rebuild(towns, *, first: dt.date, last: dt.date) -> int:
    """Removes the facts of all counted periods in first..last and counts them anew, month by month.
    Returns the number of periods counted."""
    with alone(towns):
        done = {town: {p for p in found if first <= p.start <= last} for town, found in _done(towns).items()}
        areas = [*_villages(towns), *Area.objects.filter(town__in=towns, reports=True).values_list("pk", flat=True)]
        areas += [town.pk for town in towns] + [town.county_id for town in towns if town.county_id]
        _run("DELETE FROM ledgers_fact WHERE area_id = ANY(%s) AND start BETWEEN %s AND %s", [areas, first, last])
        groups = {}
        for period in sorted(set().union(*done.values())):
            groups.setdefault(tuple(town for town in towns if period in done[town.pk]), []).append(period)
        for kinds in ({DAY}, {WEEK, MONTH}):  # all days first: the county's weeks stand on those of every town
            for some, found in groups.items():
                recount_periods(some, [p for p in found if p.kind in kinds])
    return sum(map(len, groups.values()))


def _done(towns):
    """Town id -> its counted days, weeks and months."""
    done = {town.pk: set() for town in towns}
    rows = OwedPeriod.objects.filter(town__in=towns, done_at__isnull=False).exclude(kind="L")
    for town, kind, start in rows.values_list("town_id", "kind", "start"):
        done[town].add(Period(kind, start))
    return done


def recount_periods(towns, found: list[Period], *, villages=None) -> None:
    """Counts many closed periods: days in runs of at most a quarter, then weeks and months from them, those that begin
    in the same quarter together: what one run costs however short it is weighs less, and cost stays linear."""
    for run in _runs([p for p in found if p.kind == DAY]):
        count_days(towns, run[0].start, run[-1].start, villages=villages)
    together = {}
    for period in sorted(set(found)):
        if period.kind in (WEEK, MONTH):
            together.setdefault(_quarter(period.start), []).append(period)
    for run in together.values():
        count_grids(towns, run, villages=villages)
        add_up(towns, run, villages=villages)


def _quarter(day):
    return day.year, (day.month - 1) // 3


def _runs(found: list[Period]) -> list[list[Period]]:
    """Runs of days without a gap, each within one quarter."""
    runs = []
    for period in sorted(set(found)):
        if runs and runs[-1][-1].shift(1) == period and _quarter(runs[-1][0].start) == _quarter(period.start):
            runs[-1].append(period)
        else:
            runs.append([period])
    return runs


def drain() -> int:
    """Recounts what was touched since it was counted: takes the touched days out of the list and counts them in the
    same transaction. Returns how many touches were taken. Uncounted days only lose their mark: closing counts them."""
    taken = 0
    for _county, towns in _towns_by_county(TouchedDay.objects.values_list("town_id", flat=True).distinct()):
        with alone(towns):
            keys = _take_touches(towns)
            taken += len(keys)
            if keys:
                _recount_touched(towns, keys)
    return taken


def _towns_by_county(town_ids):
    groups = {}
    for profile in TownProfile.objects.filter(town__in=list(town_ids)).select_related("town").order_by("town_id"):
        groups.setdefault(profile.town.county_id, []).append(profile.town)
    return sorted(groups.items(), key=lambda item: item[0] or 0)


def _take_touches(towns):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM grids_touchedday WHERE town_id = ANY(%s) RETURNING town_id, village_id, day, kind",
            [[town.pk for town in towns]],
        )
        return set(cursor.fetchall())


def _recount_touched(towns, keys):
    """Recounts the counted periods that hold a touched day; a stock that moved, moved on every later day too."""
    done = _done(towns)
    last = {town: max((p.start for p in found if p.kind == DAY), default=None) for town, found in done.items()}
    days_of = {}
    for town, village, day, kind in keys:
        if last[town] is not None:
            wanted = periods.days(day, last[town]) if kind in LASTING else [day]
            days_of.setdefault((town, village), set()).update(d for d in wanted if Period(DAY, d) in done[town])
    together = {}
    for (town, village), touched in days_of.items():
        found = {periods.period_of(kind, day) for kind in (DAY, WEEK, MONTH) for day in touched} & done[town]
        if found:
            together.setdefault(frozenset(found), {}).setdefault(town, []).append(village)
    for found, villages_of in together.items():
        villages = [village for some in villages_of.values() for village in some]
        recount_periods([town for town in towns if town.pk in villages_of], found, villages=villages)
        drafting.renew_signed(villages, {p.start for p in found if p.kind == WEEK})
