"""Two towns of a county living through days: every act goes through the product's own verbs, at the clock's own hour.

An act that the product refuses (a person who left, a case already closed) changes nothing and the day goes on."""

import datetime as dt
import uuid
from collections import Counter
from itertools import count

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from common import clock
from common.periods import week_of
from disputes import workflow
from disputes.models import Dispute
from grids import changes, places, schemes, staffing
from grids.models import Area, Post, TownProfile
from grids.places import Opening
from grids.roles import Role
from households import linking
from households.models import Household, HouseholdLink, PartyMember, PartyOrg
from ledgers import closing, counting, signing
from ledgers.models import WeeklyLedger
from screening import reporting
from screening.models import DailyReport, DutyRule

REFUSED = (ValidationError, PermissionDenied, reporting.ReportRefused, workflow.NotAllowedNow)
BEFORE = dt.timedelta(days=40)  # places are older than the platform
DAY = dt.timedelta(days=1)
OUTCOMES = ["spot", "dispute", "order"]


class Life:
    """The towns and their people. `today` is the local day, every method an act of it, and `done` counts the acts that
    were not refused. Whole numbers choose among what there is (the n-th grid, the n-th dispute), so that any numbers
    make a history."""

    def __init__(self, start: dt.date, later: int = 0):
        self.start = self.today = start
        self.numbers, self.done = count(1), Counter()
        with self.at(9, day=start - BEFORE):
            self._open_places(start, start + dt.timedelta(days=later))
            self.desks = {town.pk: self.person(Role.TOWN_DESK, town) for town in self.towns}

    def _open_places(self, start, later):
        on = start - BEFORE
        county = places.open_area(parent=None, kind="county", code="140429000000", name="武乡县", on=on, by=None)
        self.county = county
        self.towns = []
        for n, (scheme, since) in enumerate([("grid-micro", start), ("grid", later)], start=4):
            code = f"14042910{n}000"
            town = places.open_area(parent=county, kind="town", code=code, name=f"第{n}镇", on=on, by=None)
            TownProfile.objects.create(town=town, scheme=schemes.preset(scheme), in_use_from=since)
            DutyRule.objects.create(town=town, every_day=n == 4, from_day=on)
            self.towns.append(town)
        first, second = self.towns
        villages = [Opening("village", f"{t.code[:9]}{n}", f"{t.name}{n}村", t) for t, n in
                    [(first, 201), (first, 202), (second, 201)]]  # fmt: skip
        grids = [Opening("grid", f"{v.code}00{n}", f"{v.name}第{n}网格", v.code) for v in villages for n in (1, 2)]
        market = Opening("dedicated", f"{villages[0].code}901", "集贸市场", first, villages[0].code)
        for area in places.open_areas(openings=[*villages, *grids, market], on=on, by=None):
            if area.reports:
                self.person(Role.GRID_WORKER, area)
            if area.kind == "village":
                self._settle(area)

    def _settle(self, village):
        """A village's desk, director and two party members."""
        org = PartyOrg.objects.create(name=village.name, level="branch", area=village)
        for role in (Role.VILLAGE_DESK, Role.VILLAGE_DIRECTOR):
            self.person(role, village)
        for _ in range(2):
            PartyMember.objects.create(user=self.person(), org=org, area_path=village.path)

    def person(self, role=None, area=None):
        user = User.objects.create_user(f"someone{next(self.numbers)}", "赵小满")
        if role is not None:
            staffing.appoint(user=user, area=area, role=role, from_day=clock.today(), by=None)
        return user

    # --- what there is --------------------------------------------------------------
    def at(self, hour, minute=0, day=None, second=0):
        return clock.standing_at(clock.at(day or self.today, hour, minute, second))

    def grids(self):
        return list(Area.objects.filter(reports=True).order_by("pk"))

    def grid(self, n):
        return pick(self.grids(), n)

    def village(self, n):
        return pick(list(Area.objects.filter(kind="village").order_by("pk")), n)

    def post(self, area, role, day=None):
        return Post.objects.held_on(day or self.today).filter(area=area, role=role).order_by("pk").first()

    def holder(self, role, n):
        """Somebody who holds such a post today; the towns' and villages' posts are held all the time."""
        posts = Post.objects.held_on(self.today).filter(role=role).order_by("pk").select_related("user", "area")
        return pick(list(posts), n)

    # --- reports --------------------------------------------------------------------
    def file(self, grid, day, findings, **options):
        """A worker of the grid files, or the village's desk where there is none."""
        post = self.post(grid, Role.GRID_WORKER)
        if post is None:
            post, options = self.post(grid.village, Role.VILLAGE_DESK), options | {"proxy": True}
        if post is None:
            return None
        by = User.objects.get(pk=post.user_id)
        return reporting.file_report(
            by=by, area=grid, day=day, client_id=uuid.uuid4(), findings=said(findings), **options
        ).report

    def report(self, n, back, findings):
        return self.file(self.grid(n), self.today - dt.timedelta(days=back), findings)

    def correct(self, n, _back, findings):
        """A correction by which only some of the findings stand."""
        if report := pick(standing(), n):
            self.file(report.area, report.day, findings, correction=True)

    def add(self, n, _back, findings):
        if report := pick(standing(), n):
            self.file(report.area, report.day, findings + 1)

    def void(self, n, _back, _m):
        if report := pick(standing(), n):
            reporting.void_report(by=self.desks[report.town_id], report=report, reason="填错了网格")

    # --- cases ----------------------------------------------------------------------
    def dispute(self, n, _back, m):
        area = self.grid(n) if m % 2 else self.village(n)
        workflow.register(
            by=self.desks[area.town_id], area=area, category="02" if m % 3 else "05", field="3", line="排水沟",
            source="application",
        )  # fmt: skip

    def case_act(self, n, _back, m):
        """One of the acts that are possible now, by the town's desk."""
        if not (dispute := pick(list(Dispute.objects.order_by("pk").select_related("case")), n)):
            return
        desk = self.desks[dispute.case.town_id]
        possible = workflow.available(dispute, desk)
        if not possible:
            return
        name, _action = pick(possible, m)
        facts = {}
        if name == "mark_duplicate":
            others = Dispute.objects.exclude(pk=dispute.pk).select_related("case").order_by("pk")
            facts["of"] = others.first() or dispute
        if name == "recategorise":
            facts |= {"category": "07", "field": "1"}
        workflow.take(name, dispute=dispute, by=desk, note="照实记录", **facts)

    # --- staff ----------------------------------------------------------------------
    def move(self, n, back, _m):
        """The worker goes, the next one comes, as of some days ago."""
        day = self.today - dt.timedelta(days=back)
        if post := self.post(self.grid(n), Role.GRID_WORKER, day):
            staffing.hand_over(post=post, to=self.person(), on=day, by=None)

    def vacate(self, n, back, _m):
        day = self.today - dt.timedelta(days=back)
        if post := self.post(self.grid(n), Role.GRID_WORKER, day):
            staffing.end_post(post=post, on=day, by=None)

    def appoint(self, n, back, _m):
        day = self.today - dt.timedelta(days=back)
        staffing.appoint(user=self.person(), area=self.grid(n), role=Role.GRID_WORKER, from_day=day, by=None)

    def leave(self, n, back, m):
        """Leave from some days ago to some days ahead, every second time with a stand-in."""
        first = self.today + dt.timedelta(days=3 - back)
        if post := self.post(self.grid(n), Role.GRID_WORKER, first):
            staffing.grant_leave(
                post=post, from_day=first, until_day=first + dt.timedelta(days=1 + m), reason="病假",
                stand_in=self.person() if m % 2 else None, by=None,
            )  # fmt: skip

    # --- places ---------------------------------------------------------------------
    def open_grid(self, n, back, _m):
        village = self.village(n)
        number = Area.objects.filter(village=village, kind="grid").count() + 1
        area = places.open_area(
            parent=village, kind="grid", code=f"{village.code}{number:03}", name=f"新网格{number}",
            on=self.today - dt.timedelta(days=back), by=None,
        )  # fmt: skip
        self.person(Role.GRID_WORKER, area)

    def open_village(self, _n, back, _m):
        town = self.towns[0]
        number = 201 + Area.objects.filter(town=town, kind="village").count()
        village = Opening("village", f"{town.code[:9]}{number}", f"新村{number}", town)
        grid = Opening("grid", f"{village.code}001", "新村网格", village.code)
        opened = places.open_areas(openings=[village, grid], on=self.today - dt.timedelta(days=back), by=None)
        self._settle(opened[0])
        self.person(Role.GRID_WORKER, opened[1])

    def end_grid(self, n, back, _m):
        places.end_area(area=self.grid(n), on=self.today - dt.timedelta(days=back), by=None)

    def end_village(self, n, back, _m):
        """A village goes with its grids; what is still open in it stays open."""
        village, on = self.village(n), self.today - dt.timedelta(days=back)
        for area in [*Area.objects.filter(parent=village, ended_on=None), village]:
            places.end_area(area=area, on=on, by=None)

    # --- households ----------------------------------------------------------------
    def household(self, n, _back, _m):
        """A household moves in today."""
        grid = self.grid(n)
        number = Household.objects.count() + 1
        home = Household.objects.create(
            code=f"H{number}", name=f"户{number}", area=grid, area_path=grid.path, town_id=grid.town_id,
            village_id=grid.village_id, grid=grid, from_day=self.today,
        )  # fmt: skip
        changes.touch(home, self.today, changes.LINK)

    def link(self, n, back, m):
        if home := pick(list(Household.objects.order_by("pk")), n):
            members = PartyMember.objects.filter(area_path__startswith=home.village.path).order_by("pk")
            if member := pick(list(members), m):
                linking.link(household=home, member=member, from_day=self.today - dt.timedelta(days=back), by=None)

    def unlink(self, n, back, _m):
        if link := pick(list(HouseholdLink.objects.order_by("pk")), n):
            linking.end_link(link=link, on=self.today - dt.timedelta(days=back), by=None)

    # --- the town's rule, the worker, the signatures ---------------------------------
    def rule(self, n, _back, m):
        """From tomorrow another calendar: every day, or working days."""
        town, tomorrow = pick(self.towns, n), self.today + DAY
        if DutyRule.objects.filter(town=town, from_day__gte=tomorrow).exists():
            return
        DutyRule.objects.filter(town=town, until_day=None).update(until_day=tomorrow)
        DutyRule.objects.create(town=town, every_day=bool(m % 2), from_day=tomorrow)

    def drain(self, *_):
        counting.drain()

    def close(self, *_):
        closing.close_owed()

    def sign(self, n, back, _m):
        village = self.village(n)
        monday = week_of(self.today).shift(-1 - back // 4).start
        draft = WeeklyLedger.objects.filter(village=village, week=monday, state="draft").first()
        director = self.post(village, Role.VILLAGE_DIRECTOR)
        if draft and director:
            signing.sign(ledger=draft, by=User.objects.get(pk=director.user_id))

    def send_back(self, n, _back, _m):
        if ledger := pick(list(WeeklyLedger.objects.filter(state="signed").order_by("pk")), n):
            signing.send_back(ledger=ledger, by=self.desks[ledger.town_id], reason="请补充")

    # --- days -----------------------------------------------------------------------
    def act(self, name, *numbers):
        """One act; refused, it leaves nothing behind."""
        for desk in self.desks.values():
            desk.__dict__.pop("_posts", None)
        try:
            with transaction.atomic():
                getattr(self, name)(*numbers)
        except REFUSED:
            return
        self.done[name] += 1

    def live(self, day: dict):
        """One day: its acts from nine on, then the evening's reports, then the next day begins."""
        with self.at(9):
            for act in day["acts"]:
                self.act(*act)
        with self.at(20):  # the cut-off itself is still on time
            for n in bits(day["on_time"]):
                self.act("report", n, 0, day["findings"] if n % 2 else 0)
        with self.at(20, 0, second=1):
            for n in bits(day["late"]):
                self.act("report", n, 0, n % 3)
        self.today += DAY
        if day["close"]:
            with self.at(2):
                closing.close_owed()

    def come_to_rest(self):
        """The month goes to its end without another act; everything owed is counted and every touch taken."""
        self.today = (self.today.replace(day=28) + dt.timedelta(days=6)).replace(day=3)
        with self.at(2):
            closing.close_owed()
            counting.drain()


def said(number):
    """`number` findings, each with an outcome of its own."""
    return [
        {"field": str(1 + n % 7), "category": f"{1 + n * 5:02}", "severity": "04", "line": f"事项{n}",
         "outcome": OUTCOMES[n % 3]}
        for n in range(number)
    ]  # fmt: skip


def standing():
    return list(DailyReport.objects.filter(voided_at=None).select_related("area__village").order_by("pk"))


def pick(found, n):
    return found[n % len(found)] if found else None


def bits(mask):
    return [n for n in range(mask.bit_length()) if mask >> n & 1]
