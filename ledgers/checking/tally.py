"""The recount itself: every figure of every village, town and grid, added up one source row after the other."""

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import groupby

from casework.codes import Closing
from casework.models import Spell
from common.periods import DAY, MONTH, WEEK, Period, period_of
from grids.models import Leave, Post
from grids.roles import Role
from households.models import FormerPlace, Household, HouseholdLink
from ledgers.checking import visits
from ledgers.models import STOCKS
from screening.models import DailyReport, Finding, Visit

ENDINGS = {
    Closing.SETTLED: "settled", Closing.UNSETTLED: "unsettled", Closing.TRANSFERRED: "transferred",
    Closing.DUPLICATE: "duplicates",
}  # fmt: skip


class Stock:
    """How many there are at the end of a day: those begun less those ended by then, per unit."""

    def __init__(self):
        self.begun, self.ended = defaultdict(list), defaultdict(list)

    def add(self, units, begin, end):
        for unit in units:
            self.begun[unit].append(begin)
            if end is not None:
                self.ended[unit].append(end)

    def take_back(self, units, begin):
        """One that was added as begun on that day was not there yet."""
        for unit in units:
            self.begun[unit].remove(begin)

    def close(self):
        """Everything is added; now it can be asked."""
        for days in (*self.begun.values(), *self.ended.values()):
            days.sort()

    def at(self, unit, day):
        return bisect_right(self.begun.get(unit, ()), day) - bisect_right(self.ended.get(unit, ()), day)


class Tally:
    """Counters of figures: by village and town and day, by grid and week or month; stocks by all three."""

    def __init__(self, window):
        self.window = window
        towns = window.towns.values()
        self.by_days = {unit for town in towns for unit in (town.pk, *town.villages)}
        self.days, self.grids = defaultdict(Counter), defaultdict(Counter)
        self.stocks = {name: Stock() for name in STOCKS}
        self.with_findings = set()
        self._findings()
        self._reports()
        self._cases()
        self._homes()
        self._visits()
        for stock in self.stocks.values():
            stock.close()

    def of(self, area: int, period: Period) -> Counter:
        """The figures of a village, town or grid; days before the town began count for nothing."""
        found = Counter()
        if area in self.by_days:
            for day in period.days:
                found.update(self.days.get((area, day), {}))
        else:
            found.update(self.grids.get((area, period.kind, period.start), {}))
        for name, stock in self.stocks.items():
            found[name] = stock.at(area, period.last)
        return found

    def of_county(self, county: int, period: Period) -> Counter:
        """The figures of a county: of its towns, each for the days it has counted."""
        found = Counter()
        for town in self.window.towns.values():
            if town.county != county:
                continue
            for day in period.days:
                if (town.pk, DAY, day) in self.window.done:
                    found.update(self.days.get((town.pk, day), {}))
            if (town.pk, DAY, period.last) in self.window.done:
                found.update({name: stock.at(town.pk, period.last) for name, stock in self.stocks.items()})
        return found

    def _count(self, village, town, grid, day, *figures):
        if town not in self.window.towns or day < self.window.towns[town].since:
            return
        for unit in (village, town):
            self.days[unit, day].update(figures)
        if grid and grid != village:
            for kind in (WEEK, MONTH):
                self.grids[grid, kind, period_of(kind, day).start].update(figures)

    def _findings(self):
        rows = Finding.objects.filter(withdrawn_by=None, day__range=(self.window.lo, self.window.hi))
        names = ("report_id", "village_id", "town_id", "grid_id", "day", "field", "category")
        for report, village, town, grid, day, field, category in rows.values_list(*names).iterator():
            self.with_findings.add(report)
            self._count(village, town, grid, day, "findings", f"by_field.{field}", f"by_category.{category}")

    def _reports(self):
        """One state for each reporting area and duty day."""
        workers = _workers()
        rows = DailyReport.objects.filter(voided_at=None, day__range=(self.window.lo, self.window.hi))
        names = ("area_id", "day", "pk", "received_at", "due_by")
        left = dict(self.window.spans)
        for area, filed in groupby(rows.order_by("area_id", "day").values_list(*names).iterator(), lambda row: row[0]):
            by_day = {day: (pk, received > due) for _area, day, pk, received, due in filed}
            self._states(area, left.pop(area, ()), by_day, workers.get(area, ()))
        for area, spans in left.items():
            self._states(area, spans, {}, workers.get(area, ()))

    def _states(self, area, spans, filed, workers):
        for town, village, begin, until in spans:
            for day in self.window.duty[town]:
                if day < begin or (until is not None and day >= until):
                    continue
                figures = ["expected"]
                if day in filed:
                    pk, late = filed[day]
                    figures += ["late" if late else "on_time"] + ([] if pk in self.with_findings else ["nil"])
                else:
                    figures.append("missing" if _somebody_there(workers, day) else "excused")
                self._count(village, town, area, day, *figures)

    def _cases(self):
        rows = Spell.objects.filter(case__kind="dispute", case__town__in=self.window.towns)
        names = ("case__village", "case__town", "case__grid", "round", "opened_on", "closed_on", "closed_as")
        for village, town, grid, number, opened, closed, way in rows.values_list(*names).iterator():
            self.stocks["open"].add(_units(village, town, grid), opened, closed)
            self._count(village, town, grid, opened, "opened" if number == 1 else "reopened")
            if closed:
                self._count(village, town, grid, closed, ENDINGS[way])

    def _homes(self):
        for name, model in (("households", Household), ("linked", HouseholdLink)):
            rows = model.objects.filter(town__in=self.window.towns)
            rows = rows.of_members() if name == "linked" else rows
            for village, town, grid, begin, end in rows.values_list(
                "village_id", "town_id", "grid_id", "from_day", "until_day"
            ).iterator():
                self.stocks[name].add(_units(village, town, grid), begin, end)
        self._former_places()

    def _former_places(self):
        """A household that lay elsewhere before counted there, and where it lies now only from then on."""
        homes = Household.objects.filter(here_since__isnull=False).in_bulk()
        for home in homes.values():
            if home.town_id in self.window.towns:
                here = _units(home.village_id, home.town_id, home.grid_id)
                self.stocks["households"].take_back(here, home.from_day)
                self.stocks["households"].add(here, home.here_since, None)
        for former in FormerPlace.objects.filter(town__in=self.window.towns).iterator():
            there = _units(former.village_id, former.town_id, former.grid_id)
            self.stocks["households"].add(there, former.from_day, former.until_day)

    def _visits(self):
        rows = Visit.objects.filter(
            household__isnull=False, withdrawn_at=None, day__range=(self.window.lo, self.window.hi)
        )
        for village, town, grid, day, result in rows.values_list(
            "village_id", "town_id", "grid_id", "day", "result"
        ).iterator():
            self._count(village, town, grid, day, "visits", *(["nobody_home"] if result == "nobody" else []))
        for name, where, begin, end in visits.spans(self.window):
            self.stocks[name].add(_units(*where), begin, end)


def _units(village, town, grid):
    return {village, town, grid} - {None}


def _workers():
    """Area -> workers' posts there: (from, until, [(from, until) of leave on which nobody stood in])."""
    leaves = defaultdict(list)
    for post, begin, until in Leave.objects.filter(stand_in=None).values_list("post_id", "from_day", "until_day"):
        leaves[post].append((begin, until))
    found = defaultdict(list)
    posts = Post.objects.filter(role=Role.GRID_WORKER).values_list("pk", "area_id", "from_day", "until_day")
    for pk, area, begin, until in posts.iterator():
        found[area].append((begin, until, leaves.get(pk, ())))
    return found


def _holds(begin: dt.date, until: dt.date | None, day: dt.date) -> bool:
    return begin <= day and (until is None or day < until)


def _somebody_there(workers, day):
    return any(
        _holds(begin, until, day) and not any(_holds(*leave, day) for leave in leaves)
        for begin, until, leaves in workers
    )
