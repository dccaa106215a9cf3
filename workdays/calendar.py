"""Which days are working days: our own table first, plain weekends where a year is not known."""

import datetime as dt

import chinese_calendar

from common import periods
from workdays.models import CalendarDay

KNOWN_YEARS = range(2024, 2041)  # asked of the source; it leaves out those it does not know yet


def seed(years) -> int:
    """Writes the State Council's list of those years into our table, as far as the source knows them.

    Returns the number of days added; days already there (edited by the town) stay."""
    rows = []
    for year in years:
        try:
            chinese_calendar.is_workday(dt.date(year, 1, 1))
        except NotImplementedError:
            continue
        rows += [_row(day) for day in periods.days(dt.date(year, 1, 1), dt.date(year, 12, 31))]
    before = CalendarDay.objects.count()
    CalendarDay.objects.bulk_create([CalendarDay(**row) for row in rows if row is not None], ignore_conflicts=True)
    return CalendarDay.objects.count() - before


def _row(day):
    """The row for a day that the plain week would get wrong, and one for New Year's Day as the mark of a known year."""
    works = chinese_calendar.is_workday(day)
    if works == (day.weekday() < 5) and (day.month, day.day) != (1, 1):
        return None
    _, holiday = chinese_calendar.get_holiday_detail(day)
    return {"day": day, "town_code": "", "is_workday": works, "name": holiday or ""}


def unknown_years(years) -> list[int]:
    """Years for which no national list is entered: they count by plain weekends, and pages say so."""
    known = set(CalendarDay.objects.filter(town_code="").values_list("day__year", flat=True).distinct())
    return [year for year in years if year not in known]


def workdays(first: dt.date, last: dt.date, *, town_code="") -> list[dt.date]:
    """All working days of first..last; the town's own entry beats the national one."""
    entries = CalendarDay.objects.filter(day__range=(first, last), town_code__in=["", town_code]).order_by("town_code")
    known = {entry.day: entry.is_workday for entry in entries}
    return [day for day in periods.days(first, last) if known.get(day, day.weekday() < 5)]
