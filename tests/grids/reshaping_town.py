"""A town in which something lies everywhere: two villages, grids, micro-grids, households, links, cases, reports."""

import datetime as dt
import uuid

from common import clock
from disputes import workflow
from grids import places
from grids.models import Area, TownProfile
from grids.places import Opening
from grids.reshaping import planning
from grids.roles import Role
from households import linking
from households.models import Household, PartyMember, PartyOrg, Resident
from screening import reporting

SINCE = dt.date(2020, 1, 1)
BEGAN = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 3, 11)  # a Wednesday
DAY = dt.timedelta(days=1)
FIRST, SECOND = "140429104201", "140429104202"


class Ground:
    """东良村 with two grids of two micro-grids each, 南沟村 with one; two households a micro-grid, looked after."""

    def __init__(self, town, someone):
        self.town, self.someone = town, someone
        TownProfile.objects.filter(town=town).update(in_use_from=BEGAN)
        with clock.standing_at(clock.at(SINCE)):
            villages = [Opening("village", FIRST, "东良村", town), Opening("village", SECOND, "南沟村", town)]
            grids = [Opening("grid", f"{v}00{n}", f"第{n}网格", v) for v, n in
                     [(FIRST, 1), (FIRST, 2), (SECOND, 1)]]  # fmt: skip
            micros = [Opening("micro_grid", f"{g.code}0000{n}", f"{n}号微网格", g.code, basis="村民小组")
                      for g in grids for n in (1, 2)]  # fmt: skip
            places.open_areas(openings=[*villages, *grids, *micros], on=SINCE, by=None)
            self.desk = someone(Role.TOWN_DESK, town)
            self.worker = {grid.code: someone(Role.GRID_WORKER, self.at(grid.code)) for grid in grids}
            self._settle()

    def at(self, code):
        return Area.objects.select_related("parent", "village", "grid", "town").get(code=code)

    def _settle(self):
        for village in Area.objects.filter(kind="village"):
            org = PartyOrg.objects.create(name=village.name, level="branch", area=village)
            member = PartyMember.objects.create(user=self.someone(), org=org, area_path=village.path)
            for micro in Area.objects.filter(kind="micro_grid", village=village):
                for n in (1, 2):
                    linking.link(household=self.household(micro, n), member=member, from_day=SINCE, by=None)

    def household(self, area, n, from_day=SINCE):
        home = Household.objects.create(
            code=f"{area.code}H{n}", name=f"户{n}", area=area, area_path=area.path, town_id=area.town_id,
            village_id=area.village_id, grid_id=area.grid_id, from_day=from_day,
        )  # fmt: skip
        Resident.objects.create(household=home, area_path=area.path, name="赵", relation="head", from_day=SINCE)
        return home

    def report(self, code, day, *outcomes, micro=""):
        grid, place = self.at(code), self.at(code + micro)
        findings = [
            {"field": "3", "category": "02", "severity": "04", "line": f"事{n}", "outcome": outcome, "area": place}
            for n, outcome in enumerate(outcomes)
        ]
        by = next(post.user for post in grid.posts.filter(role=Role.GRID_WORKER, until_day=None))
        by.__dict__.pop("_posts", None)
        with clock.standing_at(clock.at(day, 18)):
            return reporting.file_report(by=by, area=grid, day=day, client_id=uuid.uuid4(), findings=findings).report

    def dispute(self, code, day):
        with clock.standing_at(clock.at(day, 10)):
            self.desk.__dict__.pop("_posts", None)
            return workflow.register(
                by=self.desk, area=self.at(code), field="3", category="02", line="地界", source="application"
            )

    def take(self, act, /, on=TODAY, *, taken=None, **terms):
        """The act, taken at noon of the day `taken` (default: its day), at the console."""
        with clock.standing_at(clock.at(taken or on, 12)):
            return planning.take(act, terms, on, by=None, reason="照实记录")

    def id(self, code):
        return Area.objects.values_list("pk", flat=True).get(code=code)

    def ids(self, *codes):
        return [self.id(code) for code in codes]
