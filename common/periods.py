"""Days, ISO weeks keyed by their Monday, and months, all as spans of local dates."""

import datetime as dt
from dataclasses import dataclass

from common import clock

DAY, WEEK, MONTH = "D", "W", "M"
NAMES = {"day": DAY, "week": WEEK, "month": MONTH}
FIRST_DAY = dt.date(2000, 1, 1)  # no town worked with the platform before; one steps back from it within the calendar


@dataclass(frozen=True, order=True)
class Period:
    """A day, week or month: kind D/W/M and its first day."""

    kind: str
    start: dt.date

    @property
    def last(self) -> dt.date:
        """The last day, included."""
        return self.until - dt.timedelta(days=1)

    @property
    def until(self) -> dt.date:
        """The first day after the period."""
        if self.kind == DAY:
            return self.start + dt.timedelta(days=1)
        if self.kind == WEEK:
            return self.start + dt.timedelta(days=7)
        return (self.start.replace(day=28) + dt.timedelta(days=4)).replace(day=1)

    @property
    def days(self) -> list[dt.date]:
        return days(self.start, self.last)

    @property
    def iso_label(self) -> str:
        """2026-W53, 2026-11 or 2026-11-22."""
        if self.kind == WEEK:
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02d}"
        return self.start.strftime("%Y-%m" if self.kind == MONTH else "%Y-%m-%d")

    def shift(self, steps: int) -> "Period":
        """The period `steps` later (earlier when negative)."""
        if self.kind == MONTH:
            months = self.start.year * 12 + self.start.month - 1 + steps
            return Period(MONTH, dt.date(months // 12, months % 12 + 1, 1))
        return Period(self.kind, self.start + dt.timedelta(days=steps * (7 if self.kind == WEEK else 1)))


def days(first: dt.date, last: dt.date) -> list[dt.date]:
    """All days of first..last, both included; none when last is before first."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after a local day."""
    return clock.at(day + dt.timedelta(days=1), 0)


def day_of(day: dt.date) -> Period:
    return Period(DAY, day)


def week_of(day: dt.date) -> Period:
    """The ISO week, Monday to Sunday, that holds the day."""
    return Period(WEEK, day - dt.timedelta(days=day.weekday()))


def month_of(day: dt.date) -> Period:
    return Period(MONTH, day.replace(day=1))


def period_of(kind: str, day: dt.date) -> Period:
    """The period of that kind that holds the day; ValueError for another kind."""
    try:
        return {DAY: day_of, WEEK: week_of, MONTH: month_of}[kind](day)
    except KeyError:
        raise ValueError(f"no such kind of period: {kind!r}") from None


def between(kind: str, first: dt.date, last: dt.date) -> list[Period]:
    """All periods of a kind that touch first..last, in order."""
    period, found = period_of(kind, first), []
    while period.start <= last:
        found.append(period)
        period = period.shift(1)
    return found
