"""Plays the diary of a demo town through the product's own acts, each at its moment of the product's clock."""

import datetime as dt
import heapq
import uuid
from itertools import count

from common import clock, periods
from disputes import workflow as disputes
from disputes.models import Dispute
from governance.demo import lines
from governance.demo.cast import Cast
from governance.demo.diary import Diary, Finding, Report
from governance.demo.paperwork import Paperwork
from grids import staffing
from grids.roles import Role
from ledgers import counting
from orders import workflow as orders
from orders.models import Order
from screening.reporting import file_report

PHONE = "0002{:07d}"  # of parties to disputes; no mobile number begins with 000


class History:
    """A queue of acts by moment; playing one may add later ones (a dispute registered will be mediated)."""

    def __init__(self, plan, town):
        self.plan, self.cast = plan, Cast(town)
        self.rng = plan.rng(f"history {plan.as_of} {plan.history}")
        shown = [n for n, grid in enumerate(self.cast.grids) if grid.village.name == plan.town.SHOWN]
        self.diary = Diary(plan, len(self.cast.grids), own_grid=shown[0])
        self.paperwork = Paperwork(plan, self.cast)
        self.queue, self.order, self.phones = [], count(), count(1)
        self.stand_ins = {}
        for leave in self.diary.leaves:
            self.at(clock.at(leave.first - dt.timedelta(days=1), 7, 10), self._leave, leave)
        for report in self.diary.reports + self.diary.morning:
            self.at(report.at, self._report, report)
        for moment, act in [*self.paperwork.nights(), *self.paperwork.mondays()]:
            self.at(moment, act)
        self._late_truth()

    def at(self, moment, act, *args):
        """Plans an act; after the last moment of the as-of day nothing is done."""
        if moment <= self.end:
            heapq.heappush(self.queue, (moment, next(self.order), act, args))

    @property
    def end(self):
        """The moment up to which the town has lived: the morning of the as-of day."""
        return self.diary.morning[0].at

    def play(self, progress) -> None:
        """Does everything in order; `progress(day)` is told when a new day begins."""
        day = None
        while self.queue:
            moment, _order, act, args = heapq.heappop(self.queue)
            with clock.standing_at(moment):
                if day != clock.today():
                    day = clock.today()
                    progress(day)
                act(*args)
        with clock.standing_at(self.end):
            self.paperwork.close()

    def _leave(self, leave):
        grid = self.cast.grids[leave.grid]
        stand_in = self.cast.user(Role.GRID_LEADER, grid) if leave.stand_in else None
        staffing.grant_leave(
            post=self.cast.post(Role.GRID_WORKER, grid), from_day=leave.first, until_day=leave.until,
            reason=leave.reason, stand_in=stand_in, by=self.cast.user(Role.VILLAGE_DESK, grid.village),
        )  # fmt: skip
        for day in periods.days(leave.first, leave.until - dt.timedelta(days=1)):
            self.stand_ins[grid.pk, day] = stand_in

    def _report(self, report: Report):
        """Files it as the worker, or whoever stands in that day, and plans what follows from it."""
        grid = self.cast.grids[report.grid]
        by = self.stand_ins.get((grid.pk, report.day)) or self.cast.user(Role.GRID_WORKER, grid)
        if clock.today() != report.day:  # filed the next morning: who was there that day is back or gone
            by = self.cast.user(Role.GRID_WORKER, grid)
        said = [self._said(finding, grid) for finding in report.findings]
        filed = file_report(
            by=by, area=grid, day=report.day, findings=said,
            client_id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
        )  # fmt: skip
        if any(finding.outcome != "spot" for finding in report.findings):
            rows = filed.submission.findings.order_by("pk")
            for finding, row in zip(report.findings, rows, strict=True):
                if row.case_id:
                    self._follow_up(finding, row.case_id, grid.village)

    def _said(self, finding: Finding, grid):
        spot = self.rng.choice(self.cast.spots[grid.pk])
        homes = self.cast.homes[spot.pk]
        home = self.rng.choice(homes) if finding.outcome != "spot" or self.rng.random() < 0.3 else None
        parties = []
        if finding.outcome == "dispute":
            names = self.rng.sample(homes, 2)
            parties = [{"name": home.name, "phone": PHONE.format(next(self.phones))} for home in names]
        return {
            "area": spot, "household": home, "field": finding.field, "category": finding.category,
            "severity": finding.severity, "line": finding.line, "outcome": finding.outcome, "parties": parties,
        }  # fmt: skip

    def _follow_up(self, finding, case, village):
        """The acts on a case, each later than the one before and than its report."""
        if finding.outcome == "order":
            if finding.ends:
                self.at(self._office_hour(finding.ends), self._done, case, village)
            return
        if finding.talks:
            self.at(self._office_hour(finding.talks), self._mediate, case, village)
        if finding.ends:
            soon = clock.now() + dt.timedelta(minutes=self.rng.randint(30, 120))
            moment = soon if finding.ends == clock.today() else self._office_hour(finding.ends)
            self.at(moment, self._settle, case, village)

    def _office_hour(self, day):
        return clock.at(day, 9) + dt.timedelta(seconds=self.rng.randrange(8 * 3600))

    def _mediate(self, case, village):
        self._take("mediate", case, village, self.rng.choice(lines.MEDIATING))

    def _settle(self, case, village):
        self._take("settle", case, village, self.rng.choice(lines.SETTLED))

    def _take(self, action, case, village, note):
        dispute = Dispute.objects.select_related("case").get(pk=case)
        disputes.take(action, dispute=dispute, by=self.cast.user(Role.MEDIATOR, village), note=note)

    def _done(self, case, village):
        order = Order.objects.select_related("case").get(pk=case)
        by = self.cast.user(Role.VILLAGE_DESK, village)
        orders.take("done", order=order, by=by, note=self.rng.choice(lines.DONE))

    def _late_truth(self):
        """A report missing since an accepted week turns up on the Thursday after: its ledger gets a second version."""
        signed_before = self.diary.monday - dt.timedelta(days=7)
        old = [key for key in self.diary.missing if key[1] < signed_before and not self._shown(key[0])]
        if not old:
            return
        grid, day = old[-1]
        week = periods.week_of(day)
        moment = clock.at(week.until + dt.timedelta(days=3), 10, 15)
        found = Finding("spot", *self.rng.choice(lines.SPOT))
        self.at(moment, self._turns_up, Report(grid, day, moment, late=True, findings=[found]))
        for later, act in self.paperwork.renewed(self.cast.grids[grid].village, week, moment):
            self.at(later, act)

    def _shown(self, grid):
        return self.cast.grids[grid].village.name == self.plan.town.SHOWN

    def _turns_up(self, report):
        self._report(report)
        counting.drain()
