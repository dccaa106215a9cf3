"""Every period that has come due is counted, once, and not before its time."""

import datetime as dt

from common import clock, periods
from common.periods import DAY, MONTH, WEEK
from ledgers.checking.differences import Difference

# the times of the schedule, said a second time on purpose (issue: day after midnight, week Monday 00:30, month 01:00)
KINDS = {DAY: (DAY, dt.time(0, 5)), WEEK: (WEEK, dt.time(0, 30)), MONTH: (MONTH, dt.time(1, 0)),
         "L": (WEEK, dt.time(0, 30))}  # fmt: skip
PATIENCE = dt.timedelta(minutes=5)  # so long the worker may take
NAMES = {DAY: "day", WEEK: "week", MONTH: "month", "L": "weekly ledgers"}


def check(window, checked, now):
    """Yields the periods due by now that are not counted, or entered twice, or counted before they were over."""
    for town in window.towns.values():
        for kind, (span, time) in KINDS.items():
            for period in periods.between(span, max(window.first, town.since), window.last):
                due = dt.datetime.combine(period.until, time, clock.SHANGHAI)
                if due > now:
                    continue
                checked.periods += 1
                rows = window.owed.get((town.pk, kind, period.start), [])
                for stored, recounted in _wrong(rows, due, now):
                    yield Difference(town.code, period.iso_label, f"counting the {NAMES[kind]}", stored, recounted)


def _wrong(rows, due, now):
    """(stored, recounted) in words."""
    if len(rows) > 1:
        yield "owed more than once", "once"
    if not any(row.done_at for row in rows) and due + PATIENCE < now:
        why = f": parked, {rows[0].error}" if rows and rows[0].parked_at else ""
        yield f"not counted{why}", f"due since {due:%Y-%m-%d %H:%M}"
    for row in rows:
        if row.done_at and row.done_at < due:
            yield f"counted at {row.done_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}", f"due at {due:%Y-%m-%d %H:%M}"
