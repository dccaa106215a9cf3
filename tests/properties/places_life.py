"""The two towns of `town_life` with micro-grids and households in them, whose places are moved, split, merged, ended,
opened, renamed, corrected, planned, withdrawn and taken back while people report."""

import datetime as dt
import uuid

from common import clock
from common.periods import DAY as A_DAY
from grids import changes
from grids.correcting import correct_post
from grids.models import Area, AreaAct, Boundary, Post
from grids.places import Opening, open_areas
from grids.reshaping import planning, reversing
from grids.roles import Role
from households.models import Household
from ledgers import closing, counting
from ledgers.models import Fact
from tests.properties.town_life import Life, pick


class PlacesLife(Life):
    """Every act leaves the facts of the days before it as they were: `lived_on` remembers the first that did not."""

    def __init__(self, start, later=0):
        super().__init__(start, later)
        self.changed_past = []
        with self.at(9, day=start - dt.timedelta(days=39)):
            grids = Area.objects.filter(kind="grid", town=self.towns[0])
            openings = [
                Opening("micro_grid", f"{grid.code}0000{n}", f"{grid.name}{n}号微网格", grid, basis="村民小组")
                for grid in grids for n in (1, 2)
            ]  # fmt: skip
            for micro in open_areas(openings=openings, on=clock.today(), by=None):
                for _ in range(2):
                    self._home(micro, clock.today())
            for grid in Area.objects.filter(kind="grid", town=self.towns[1]):
                self._home(grid, clock.today())
            self._draw(Area.objects.filter(kind__in=["grid", "micro_grid"], town=self.towns[0]).order_by("path"))

    def _draw(self, places):
        """A square for each, but not for every third, so that outlines are joined, cut and missing."""
        for n, place in enumerate(places):
            if n % 3 < 2:
                west, south = 112 + n / 100, 36.9
                ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south]]
                Boundary.objects.create(
                    area=place, geometry={"type": "Polygon", "coordinates": [ring]}, west=west, south=south,
                    east=west + 0.01, north=south + 0.01, source="drawn", from_day=clock.today(),
                )  # fmt: skip

    def _home(self, area, day):
        area = Area.objects.get(pk=area.pk)
        home = Household.objects.create(
            code=f"H{uuid.uuid4().hex[:12]}", name="户", area=area, area_path=area.path, town_id=area.town_id,
            village_id=area.village_id, grid_id=area.grid_id, from_day=day,
        )  # fmt: skip
        changes.touch(home, day, changes.LINK)
        return home

    # --- what there is ---------------------------------------------------------------
    def open_places(self, *kinds):
        return list(Area.objects.filter(kind__in=kinds, ended_on=None).order_by("pk"))

    def grids(self):
        """Those that report today; reports for earlier days are filed for them alone."""
        return list(Area.objects.filter(reports=True, ended_on=None).select_related("village").order_by("pk"))

    def household(self, n, _back, _m):
        """A household moves in today, into a lowest place."""
        lowest = [area for area in self.open_places("grid", "micro_grid") if not area.children.exists()]
        self._home(pick(lowest, n), self.today)

    # --- acts on places ----------------------------------------------------------------
    def take(self, kind, terms, later=0, by=None, reason="照实更正", on=None):
        """Today's act at once; every third is planned for some days ahead."""
        on = on or self.today + later * dt.timedelta(days=1)
        counting.drain()
        before = self.past(on)
        act = planning.take(kind, terms, on, by=by, reason=reason)
        counting.drain()
        if act.state == "done" and self.past(on) != before:
            self.changed_past.append((kind, terms, on))

    def past(self, on):
        rows = Fact.objects.filter(kind=A_DAY, start__lt=min(on, self.today)).order_by("pk")
        return list(rows.values())

    @staticmethod
    def ahead(m):
        return [0, 0, 2, 0, 0, 1, 0, 4][m]

    def move_grid(self, n, back, m):
        area = pick(self.open_places("grid"), n)
        beside = [place for place in self.open_places("village") if place.pk != area.parent_id]
        village = pick(beside, m + back)
        self.take("move", {"area": area.pk, "parent": village.pk}, self.ahead(m))

    def move_micro(self, n, back, m):
        if area := pick(self.open_places("micro_grid"), n):
            grid = pick(self.open_places("grid"), m + back)
            self.take("move", {"area": area.pk, "parent": grid.pk}, self.ahead(m))

    def merge(self, n, _back, m):
        area = pick(self.open_places("grid", "micro_grid"), n)
        beside = list(Area.objects.filter(parent=area.parent_id, kind=area.kind, ended_on=None).exclude(pk=area.pk))
        areas = [area, *beside[: 1 + m % 2]]
        posts = [post.pk for one in areas for post in one.posts.all()] if m % 3 else []
        terms = {"areas": [one.pk for one in areas], "name": f"合并{n}{m}", "posts": posts}
        self.take("merge", terms, self.ahead(m))

    def split(self, n, _back, m):
        area = pick(self.open_places("grid", "micro_grid"), n)
        below = [child.pk for child in area.children.filter(ended_on=None).order_by("pk")]
        homes = list(Household.objects.filter(area=area, until_day=None).order_by("pk").values_list("pk", flat=True))
        keeps = bool(m % 2)
        parts = [{"name": f"甲{n}{m}", "areas": below[:1], "households": homes[:1] if not below else []}]
        if not keeps:
            parts.append({"name": f"乙{n}{m}", "areas": below[1:]})
        posts = {str(post.pk): 0 for post in area.posts.all()[: m % 2]}
        self.take("split", {"area": area.pk, "keeps": keeps, "parts": parts, "posts": posts}, self.ahead(m))

    def end_place(self, n, _back, m):
        empty = [area for area in self.open_places("grid", "micro_grid")
                 if not area.children.filter(ended_on=None).exists()
                 and not Household.objects.filter(area=area).exists()]  # fmt: skip
        if area := pick(empty, n):
            self.take("end", {"area": area.pk}, self.ahead(m))

    def open_place(self, n, _back, m):
        parent = pick(self.open_places("village") if m % 2 else self.open_places("grid"), n)
        kind = "grid" if parent.kind == "village" else "micro_grid"
        if kind == "micro_grid" and Household.objects.filter(area=parent, until_day=None).exists():
            return  # its households would lie above their micro-grid
        self.take("open", {"parent": parent.pk, "kind": kind, "name": f"新{kind}{n}"}, self.ahead(m))

    def rename(self, n, _back, m):
        area = pick(self.open_places("village", "grid", "micro_grid"), n)
        self.take("rename", {"area": area.pk, "name": f"新名{n}{m}"}, self.ahead(m))

    def correct(self, n, back, m):
        if m % 2:
            return super().correct(n, back, m)  # a report
        area = pick(self.open_places("grid", "micro_grid"), n)
        return self.take("correct", {"area": area.pk, "name": f"更正{n}{m}"}, on=self.today - dt.timedelta(days=back))

    def correct_post(self, n, back, m):
        """A worker's post began or ended on another day than was entered."""
        post = pick(list(Post.objects.filter(role=Role.GRID_WORKER).order_by("pk")), n)
        day = self.today - dt.timedelta(days=back % 3)
        days = (
            {"from_day": post.from_day, "until_day": day} if m % 2 else {"from_day": day, "until_day": post.until_day}
        )
        correct_post(post=post, by=None, role=post.role, area=post.area, reason="登记有误", **days)

    def withdraw(self, n, _back, _m):
        if act := pick(list(AreaAct.objects.filter(state="planned").order_by("pk")), n):
            planning.withdraw(act=act, by=None)

    def reverse(self, n, _back, _m):
        acts = list(AreaAct.objects.filter(state="done").exclude(kind="reverse").order_by("-pk")[:4])
        if act := pick(acts, n):
            counting.drain()
            before = self.past(self.today)
            reversing.reverse(act=act, by=None)
            counting.drain()
            if self.past(self.today) != before:
                self.changed_past.append(("reverse", act.kind, self.today))

    def staff(self, n, _back, _m):
        """Somebody is appointed where nobody works."""
        vacant = [grid for grid in self.grids() if self.post(grid, Role.GRID_WORKER) is None]
        if grid := pick(vacant, n):
            self.person(Role.GRID_WORKER, grid)

    def close(self, *_):
        closing.close_owed()
