"""What a check looks at: the span of days, the towns with their duty and places, what is counted and what waits."""

import datetime as dt
from dataclasses import dataclass, field

from common import periods
from common.periods import DAY, MONTH, WEEK, Period
from grids.models import Area, Placement, TouchedDay, TownProfile
from ledgers.models import OwedPeriod
from screening.models import DutyRule
from workdays.calendar import workdays

MOVES_STOCK = {"case", "link", "place", "visit"}  # such a touch changes every later day too


@dataclass
class Town:
    """A town that works with the platform: its villages and reporting grids as they are or ever were."""

    pk: int
    code: str
    county: int | None
    since: dt.date
    rules: list = field(default_factory=list)
    villages: set = field(default_factory=set)
    grids: set = field(default_factory=set)


class Window:
    """The towns, and first..last widened to whole weeks and months (lo..hi)."""

    def __init__(self, first, last, now):
        profiles = TownProfile.objects.select_related("town")
        self.towns = {p.pk: Town(p.pk, p.town.code, p.town.county_id, p.in_use_from) for p in profiles}
        self.today = now.date()
        self.first = first or min((town.since for town in self.towns.values()), default=self.today)
        self.last = min(last or self.today, self.today)
        self.lo = min(periods.week_of(self.first).start, periods.month_of(self.first).start)
        self.hi = max(periods.week_of(self.last).last, periods.month_of(self.last).last)
        self.codes = dict(Area.objects.values_list("pk", "code"))
        self._read_places()
        self._read_rules()
        self._read_done()
        self._read_touches()

    def _read_places(self):
        """Spans in which areas report, by area; villages (units under the town) and grids by town."""
        for pk, town in Area.objects.filter(town__in=self.towns).exclude(village=None).values_list("village", "town"):
            self.towns[town].villages.add(pk)
        self.spans, self.villages_of = {}, {}
        rows = Placement.objects.filter(reports=True, town__in=self.towns).order_by("area", "from_day")
        for area, village, town, begin, until in rows.values_list(
            "area", "village", "town", "from_day", "until_day"
        ).iterator():
            self.spans.setdefault(area, []).append((town, village, begin, until))
            self.villages_of.setdefault(area, set()).add(village)
            if area != village:
                self.towns[town].grids.add(area)

    def _read_rules(self):
        for rule in DutyRule.objects.filter(town__in=self.towns):
            self.towns[rule.town_id].rules.append((rule.from_day, rule.until_day, rule.every_day))
        self.duty = {town.pk: self._duty_days(town) for town in self.towns.values()}

    def _duty_days(self, town):
        """Closed duty days of a town within lo..hi: every day, unless its rule of the day says working days."""
        begin, end = max(self.lo, town.since), min(self.hi, self.today - dt.timedelta(days=1))
        works = set(workdays(begin, end, town_code=town.code)) if begin <= end else set()
        due, day = [], begin
        while day <= end:
            every_day = next((r[2] for r in town.rules if r[0] <= day and (r[1] is None or day < r[1])), True)
            if every_day or day in works:
                due.append(day)
            day += dt.timedelta(days=1)
        return due

    def _read_done(self):
        self.done, self.owed = set(), {}
        rows = OwedPeriod.objects.filter(town__in=self.towns, start__range=(self.lo, self.hi))
        for row in rows.iterator():
            self.owed.setdefault((row.town_id, row.kind, row.start), []).append(row)
            if row.done_at:
                self.done.add((row.town_id, row.kind, row.start))

    def _read_touches(self):
        """Per village: the days that wait for a recount, and from which day on everything waits."""
        self.touched, self.moved = {}, {}
        for village, day, kind in TouchedDay.objects.values_list("village", "day", "kind").iterator():
            if kind in MOVES_STOCK:
                self.moved[village] = min(day, self.moved.get(village, day))
            self.touched.setdefault(village, set()).add(day)

    def periods(self):
        """All days, weeks and months that touch first..last."""
        return [p for kind in (DAY, WEEK, MONTH) for p in periods.between(kind, self.first, self.last)]

    def waits(self, villages, period: Period) -> bool:
        """Whether a stored figure of one of these villages is known to be behind, and the worker will mend it."""
        return any(
            self.moved.get(village, period.until) <= period.last
            or any(period.start <= day <= period.last for day in self.touched.get(village, ()))
            for village in villages
        )
