"""Plans what happens in a demo town day by day: who reports when, who is on leave, what is found and when it ends.

Pure planning from a seed and a date, nothing is written here: `governance.demo.history` plays it through the product's
own acts."""

import datetime as dt
from dataclasses import dataclass, field

from common import clock, periods
from governance.demo import lines

MISSING, LATE = 0.03, 0.05  # of the reports that are due
SPOT = 0.083  # of the reports filed carry a matter put right at once
EARLIER_A_DAY = 0.4  # disputes a day in a year before the as-of year, where history reaches back
FIRST_TODAY = 10  # so many grids have reported on the morning of the as-of day


@dataclass
class Finding:
    """One matter of a report. `ends` is the day its case ends (None: still open), `talks` the day mediation begins."""

    outcome: str
    field: str
    category: str
    severity: str
    line: str
    ends: dt.date | None = None
    talks: dt.date | None = None


@dataclass
class Report:
    """One report of a grid (by number) for a day, received at a moment."""

    grid: int
    day: dt.date
    at: dt.datetime
    late: bool = False
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Leave:
    """Days off of a grid's worker, first <= day < until."""

    grid: int
    first: dt.date
    until: dt.date
    stand_in: bool
    reason: str


class Diary:
    """Everything that will be said and done, from the plan's date, length of history and seed alone."""

    def __init__(self, plan, grids: int, own_grid: int):
        self.plan, self.grids, self.own_grid = plan, grids, own_grid
        self.rng = plan.rng(f"diary {plan.as_of} {plan.history}")
        self.monday = periods.week_of(plan.as_of).start
        self.new_year = plan.as_of.replace(month=1, day=1)
        self.leaves = self._leaves()
        self.missing = []  # (grid, day) of reports that never came
        self.reports = self._reports()
        self._disputes()
        self._orders()
        self._spot()

    @property
    def days(self):
        return periods.days(self.plan.in_use_from, self.plan.as_of - dt.timedelta(days=1))

    def _leaves(self):
        """A leave of two to four days for every twenty days of history, every second one with a stand-in."""
        count = self.plan.history // 20
        found = []
        for number, grid in enumerate(self.rng.sample(range(self.grids), min(count, self.grids))):
            first = self.plan.in_use_from + dt.timedelta(days=self.rng.randint(1, self.plan.history - 8))
            until = first + dt.timedelta(days=self.rng.randint(2, 4))
            found.append(Leave(grid, first, until, number % 2 == 0, self.rng.choice(lines.LEAVE)))
        return found

    def _reports(self):
        off = {(leave.grid, day) for leave in self.leaves if not leave.stand_in for day in _span(leave)}
        habit = [self.rng.uniform(9 * 60, 18.5 * 60) for _ in range(self.grids)]  # minutes after midnight
        made = []
        for day in self.days:
            for grid in range(self.grids):
                draw = self.rng.random()
                if (grid, day) in off:
                    continue
                if draw < MISSING:
                    self.missing.append((grid, day))
                elif draw < MISSING + LATE:
                    made.append(Report(grid, day, self._late(day), late=True))
                else:
                    made.append(Report(grid, day, self._minutes(day, self.rng.gauss(habit[grid], 40))))
        return made

    def _minutes(self, day, minutes):
        minutes = min(max(minutes, 7.5 * 60), 19.6 * 60)
        return clock.at(day) - dt.timedelta(hours=9) + dt.timedelta(seconds=int(minutes * 60))

    def _late(self, day):
        """Later the same evening, or the next morning before ledgers are signed (not on the last day: the next morning
        is the one on which the town is looked at)."""
        if day == self.days[-1] or self.rng.random() < 0.6:
            return clock.at(day, 20, 20) + dt.timedelta(seconds=self.rng.randrange(3 * 3600))
        return clock.at(day + dt.timedelta(days=1), 6, 30) + dt.timedelta(seconds=self.rng.randrange(6000))

    def _between(self, first, until):
        """Reports on time of days first <= day < until: only those open a case on the day they are about."""
        return [report for report in self.reports if not report.late and first <= report.day < until]

    def _disputes(self):
        """The published number, found and settled in the as-of year before this week; others before the year, settled
        in it; and a few of this week, open."""
        first = max(self.new_year, self.plan.in_use_from)
        self._found_and_settled(first, self.monday, self.plan.town.DISPUTES)
        days_before = (self.new_year - self.plan.in_use_from).days
        self._found_and_settled(self.plan.in_use_from, self.new_year, round(days_before * EARLIER_A_DAY))
        live = self._between(self.monday, self.plan.as_of)
        for report in self._draw(live or self.morning, self.rng.randint(3, 5)):
            finding = self._finding("dispute", lines.DISPUTES)
            tomorrow = report.day + dt.timedelta(days=1)
            finding.talks = tomorrow if tomorrow < self.plan.as_of and self.rng.random() < 0.6 else None
            report.findings.append(finding)

    def _found_and_settled(self, first, until, count):
        last = until - dt.timedelta(days=1)
        for report in self._draw(self._between(first, until), count):
            finding = self._finding("dispute", lines.DISPUTES)
            finding.ends = min(report.day + dt.timedelta(days=self.rng.choice([0, 1, 1, 2, 3, 4, 6, 9])), last)
            if (finding.ends - report.day).days > 1:
                finding.talks = report.day + dt.timedelta(days=1)
            report.findings.append(finding)

    def _orders(self):
        for report in self._draw(self._between(self.plan.in_use_from, self.plan.as_of), self.plan.history // 9):
            finding = self._finding("order", lines.ORDERS)
            done = report.day + dt.timedelta(days=self.rng.randint(1, 5))
            finding.ends = done if done < self.plan.as_of else None
            report.findings.append(finding)

    def _spot(self):
        for report in self.reports:
            if self.rng.random() < SPOT:
                report.findings.append(self._finding("spot", lines.SPOT))

    def _draw(self, reports, count):
        """So many different reports; the same one twice only where there are fewer (a year's first days)."""
        if not reports:
            return []
        if count <= len(reports):
            return self.rng.sample(reports, count)
        return self.rng.choices(reports, k=count)

    def _finding(self, outcome, pool):
        return Finding(outcome, *self.rng.choice(pool))

    @property
    def morning(self):
        """The reports of the as-of day, about nine o'clock, if it is that late already; the demo worker's own grid is
        left for the visitor."""
        if not hasattr(self, "_morning"):
            at = clock.at(self.plan.as_of, 9)
            if self.plan.as_of == clock.today():
                at = min(at, clock.now())
            others = [grid for grid in range(self.grids) if grid != self.own_grid]
            grids = sorted(self.rng.sample(others, min(FIRST_TODAY, len(others))))
            self._morning = [Report(grid, self.plan.as_of, at) for grid in grids]
        return self._morning


def _span(leave):
    return periods.days(leave.first, leave.until - dt.timedelta(days=1))
