"""Reading figures: stored facts for clean days, the same SQL live for today, touched and uncounted days, merged.

So every page is true to the last commit, also with the worker stopped (architecture, the way through the house)."""

import datetime as dt
from dataclasses import dataclass

from common import clock, periods
from common.periods import MONTH, Period
from ledgers.merging import Frame, Merging
from ledgers.tally import Figures


@dataclass(frozen=True, order=True)
class Span(Period):
    """A stretch of days (kind "S", start, end) as one period; it has no stored fact of its own."""

    end: dt.date = None

    @property
    def until(self):
        return self.end + dt.timedelta(days=1)


def year_to(day: dt.date) -> Span:
    """The days of the year up to and with a day (年度累计)."""
    return Span("S", day.replace(month=1, day=1), day)


def read(wants, *, now: dt.datetime | None = None) -> dict:
    """Figures for pairs of (Area, Period): a dict from (area id, period) to Figures.

    Areas may be county, towns, villages, dedicated grids and reporting grids. Periods that have begun are read up to
    today; later ones are empty. At most eight queries, whatever the number of pairs; one more
    where grids moved between villages."""
    wants = list(dict.fromkeys(wants))
    if not wants:
        return {}
    frame = Frame([area for area, _ in wants], now or clock.now())
    parts = {period: _parts(period, frame) for _, period in wants}
    merging = Merging([(area, part) for area, period in wants for part in parts[period]], frame)
    return {
        (area.pk, period): Figures.of([merging.one(area, part).as_row() for part in parts[period]])
        for area, period in wants
    }


def _parts(period, frame):
    """A long span is read as its counted months and the stretches of days between them; other periods as they are."""
    if not isinstance(period, Span):
        return [period]
    end = min(period.end, frame.today)
    months = [
        month
        for month in periods.between(MONTH, period.start, end)
        if month.start >= period.start and month.last <= end and frame.is_counted(month)
    ]
    parts, day = [], max(period.start, frame.since)
    for month in months:
        if day < month.start:
            parts.append(Span("S", day, month.start - dt.timedelta(days=1)))
        parts.append(month)
        day = month.until
    return parts + ([Span("S", day, end)] if day <= end else [])
