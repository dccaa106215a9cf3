"""Recounting everything stored from the source rows, by other code: plain Python over streamed rows, no SQL sums.

Shares no line with what stores the figures (ledgers.recount, ledgers.counting, screening.duty), so that a fault there
cannot hide here. One snapshot of the database: reports may come in meanwhile."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection, transaction

from common import clock
from ledgers.checking import owed, reports, signed, stored
from ledgers.checking.differences import Difference
from ledgers.checking.tally import Tally
from ledgers.checking.window import Window

__all__ = ["Checked", "Difference", "check"]


@dataclass
class Checked:
    """What was looked at, and what did not agree. `waiting` facts and ledgers were left out: days of theirs were
    touched and not recounted yet, which the worker does within a minute."""

    differences: list[Difference] = field(default_factory=list)
    facts: int = 0
    reports: int = 0
    ledgers: int = 0
    periods: int = 0
    waiting: int = 0


def check(first: dt.date | None = None, last: dt.date | None = None) -> Checked:
    """Recounts all days, weeks and months that touch first..last (default: since the first town began, to today)."""
    checked, now = Checked(), clock.now()
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        window = Window(first, last, now)
        tally = Tally(window)
        for part in (
            reports.check(window, checked),
            stored.check(window, tally, checked),
            owed.check(window, checked, now),
            signed.check(window, tally, checked),
        ):
            checked.differences.extend(part)
    return checked
