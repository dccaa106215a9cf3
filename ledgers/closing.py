"""Which periods are owed, and closing them in order: the database knows, Redis and beat only knock on the door."""

import datetime as dt
import logging

from django.db import InterfaceError, OperationalError
from django.db.models import F, Q

from common import clock, periods
from common.periods import DAY, MONTH, WEEK, Period
from grids.models import TownProfile
from grids.reshaping import planning
from ledgers import counting, drafting
from ledgers.models import OwedPeriod

LEDGER = "L"
ORDER = {DAY: 0, WEEK: 1, MONTH: 2, LEDGER: 3}
ATTEMPTS = 5
DUE = {DAY: dt.time(0, 5), WEEK: dt.time(0, 30), MONTH: dt.time(1, 0), LEDGER: dt.time(0, 30)}
log = logging.getLogger(__name__)


def due_at(kind: str, start: dt.date) -> dt.datetime:
    """When a period is due to be counted: the day after midnight, the week on Monday 00:30, the month on the 1st 01:00,
    all Asia/Shanghai; the ledger of a week with the week."""
    until = Period(WEEK if kind == LEDGER else kind, start).until
    return dt.datetime.combine(until, DUE[kind], clock.SHANGHAI)


def owe(now: dt.datetime) -> int:
    """Enters every period that has come due since each town began; returns how many were new. Nothing is remembered
    elsewhere, so ten days without power are ten days owed."""
    added = 0
    for profile in TownProfile.objects.all():
        known = set(OwedPeriod.objects.filter(town=profile.town_id).values_list("kind", "start"))
        rows = [
            OwedPeriod(town_id=profile.town_id, kind=kind, start=start, due_at=due)
            for kind, start, due in _came_due(profile.in_use_from, now)
            if (kind, start) not in known
        ]
        added += len(OwedPeriod.objects.bulk_create(rows, ignore_conflicts=True))
    return added


def _came_due(since, now):
    for kind in ORDER:
        for period in periods.between(WEEK if kind == LEDGER else kind, since, now.date()):
            due = due_at(kind, period.start)
            if due <= now:
                yield kind, period.start, due


def close_owed(now: dt.datetime | None = None, *, progress=None) -> int:
    """Counts every owed period once, in the order in which they came due; returns how many. A period that fails five
    times is parked, with its error, and the others go on; weeks and months wait for their days."""
    now = now or clock.now()
    planning.carry_out_due(now)  # a day is counted on the places of that day
    owe(now)
    closed = 0
    while batch := _next():
        done = _close(batch, now)
        if done is None:
            return closed
        closed += done
        if progress:
            progress(batch[0])
    return closed


def _next():
    """The rows of the oldest period that can be counted, one for each town of one county."""
    owed = OwedPeriod.objects.filter(done_at__isnull=True).select_related("town")
    rows = sorted(owed, key=lambda row: (row.due_at, ORDER[row.kind], row.town_id))
    undone = {(row.town_id, row.kind, row.start) for row in rows}
    head = next((row for row in rows if row.parked_at is None and not _waits(row, undone)), None)
    return [
        row for row in rows
        if row.parked_at is None
        and (row.kind, row.start, row.town.county_id) == (head.kind, head.start, head.town.county_id)
    ] if head else []  # fmt: skip


def _waits(row, undone):
    """A week or month waits for its days, a ledger for its week."""
    if row.kind == DAY:
        return False
    if row.kind == LEDGER:
        return (row.town_id, WEEK, row.start) in undone
    return any((row.town_id, DAY, day) in undone for day in Period(row.kind, row.start).days)


def _close(batch, now):
    """Counts one period for some towns; the attempt is counted first, in a transaction of its own. None when it failed:
    the rest waits for the next run, so that a database that is restarting is not asked five times in a second."""
    ids = [row.pk for row in batch]
    OwedPeriod.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1)
    try:
        return _count(ids, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as failure:  # a period that cannot be counted must not stop the others for good
        log.exception("counting %s %s failed", batch[0].kind, batch[0].start)
        OwedPeriod.objects.filter(pk__in=ids).update(error=f"{type(failure).__name__}: {failure}"[:500])
        OwedPeriod.objects.filter(pk__in=ids, attempts__gte=ATTEMPTS).update(parked_at=now)
        return None


def _count(ids, now):
    rows = list(OwedPeriod.objects.filter(pk__in=ids).select_related("town"))
    towns = [row.town for row in rows]
    with counting.alone(towns):
        # another worker may have done it while we waited for the lock
        open_rows = OwedPeriod.objects.filter(pk__in=ids, done_at__isnull=True)
        if not open_rows.exists():
            return 0
        kind, start = rows[0].kind, rows[0].start
        if kind == LEDGER:
            for town in towns:
                drafting.draft_week(town, start)
        else:
            counting.count_period(towns, Period(kind, start))
        open_rows.update(done_at=now, error="")
    return len(rows)


def count_by_hand(towns, period: Period) -> None:
    """Counts one closed period of towns of one county now, with the days it is made of, and settles what was owed for
    them, parked ones too: how a person takes up a period that was put aside."""
    now = clock.now()
    planning.carry_out_due(now)
    owe(now)
    with counting.alone(towns):
        if period.kind != DAY:
            counting.count_days(towns, period.start, period.last)
        counting.count_period(towns, period)
        owed = OwedPeriod.objects.filter(town__in=towns, done_at__isnull=True)
        same = Q(kind=period.kind, start=period.start) | Q(kind=DAY, start__range=(period.start, period.last))
        owed.filter(same).update(done_at=now, parked_at=None, error="")


def oldest_owed() -> OwedPeriod | None:
    """The oldest period that is due and not counted, parked ones included."""
    return OwedPeriod.objects.filter(done_at__isnull=True).order_by("due_at").first()
