"""Merging stored facts with live counts, so that figures are those of the last commit."""

import datetime as dt
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q

from common import periods
from common.periods import DAY, MONTH, WEEK
from grids.models import Area, AreaAct, TouchedDay, TownProfile
from ledgers import recount
from ledgers.models import COUNTS, STOCKS, Fact, OwedPeriod
from ledgers.recount import Bucket, Scope
from ledgers.rows import fetch
from ledgers.tally import ARRAYS, Figures
from screening.duty import duty_days

COLUMNS = ["area_id", "kind", "start", *COUNTS, *STOCKS, *ARRAYS]
UPPER = {Area.Kind.TOWN, Area.Kind.COUNTY}


class Frame:
    """What every reading needs to know: which towns, since when, what is counted, what was touched since."""

    def __init__(self, areas, now):
        self.now, self.today = now, now.date()
        ids = {area.town_id for area in areas if area.town_id}
        counties = {area.pk for area in areas if area.kind == Area.Kind.COUNTY}
        query = Q(town__in=ids) | Q(town__county__in=counties)
        moves = AreaAct.objects.filter(town=OuterRef("town"), kind=AreaAct.Kind.MOVE, done_at__isnull=False)
        profiles = list(TownProfile.objects.filter(query).select_related("town").annotate(moved=Exists(moves)))
        self.grids_moved = any(profile.moved for profile in profiles)
        self.towns = [profile.town for profile in profiles]
        self.begins = sorted(profile.in_use_from for profile in profiles)
        self.since = self.begins[0] if self.begins else dt.date.max
        self.done = self._done()
        self.touched = set(TouchedDay.objects.filter(town__in=self.towns).values_list("day", flat=True).distinct())

    def _done(self):
        """(kind, start) -> how many of the towns have it counted."""
        done = defaultdict(int)
        rows = OwedPeriod.objects.filter(town__in=self.towns, done_at__isnull=False)
        for kind, start in rows.values_list("kind", "start"):
            done[kind, start] += 1
        return done

    def is_counted(self, period) -> bool:
        """Counted for every town that had begun by then."""
        found = self.done.get((period.kind, period.start), 0)
        return 0 < found >= sum(begin <= period.last for begin in self.begins)

    def is_touched(self, day) -> bool:
        return day in self.touched

    def moved_before(self, day) -> bool:
        """Whether a stock may differ from the stored one at the end of a day: something was touched on it or before."""
        return bool(self.touched) and min(self.touched) <= day

    def days(self, period) -> list[dt.date]:
        """The days of a period that have begun and on which a town worked with the platform."""
        return periods.days(max(period.start, self.since), min(period.last, self.today))

    def scope(self, villages, duty):
        return Scope(tuple(self.towns), self.now, villages, duty, is_small=len(self.towns) == 1)


class Merging:
    """One reading of many (area, period) pairs: one look at the stored facts, one live count of villages, one of
    grids."""

    def __init__(self, wants, frame):
        self.frame = frame
        wants = list(dict.fromkeys(wants))
        self.upper = [(area, period) for area, period in wants if not is_grid(area)]
        self.lower = [(area, period) for area, period in wants if is_grid(area)]
        self.live_days = self._live_days()
        self.stored = self._stored()
        self.live_grids = self._live_grids()
        self.duty = self._duty()
        self.live = self._count_villages()
        self.places = self._places()
        self.grids = self._count_grids()

    def one(self, area, period) -> Figures:
        return self._grid(area, period) if is_grid(area) else self._above(area, period)

    # --- what to count now ---------------------------------------------------------
    def _live_days(self):
        """Today, what is not counted yet, what is touched; and the last day of a period with a touched day before it,
        whose stocks may have moved."""
        wanted = set()
        for period in {period for _, period in self.upper}:
            days = self.frame.days(period)
            wanted |= {day for day in days if self._is_live(day)}
            if days and self.frame.moved_before(days[-1]):
                wanted.add(days[-1])
        return wanted

    def _is_live(self, day):
        frame = self.frame
        return day >= frame.today or frame.is_touched(day) or not frame.is_counted(periods.day_of(day))

    def _live_grids(self):
        """The grids whose stored facts do not hold, with the days of their periods: {(grid, period): days}."""
        live = {(area, period): self.frame.days(period) for area, period in self.lower if not self._is_clean(period)}
        return {want: days for want, days in live.items() if days}

    def _duty(self):
        """The duty days from the first day counted live up to today, read once for both counts."""
        first = min([*self.live_days, *(days[0] for days in self.live_grids.values())], default=None)
        return tuple(duty_days(self.frame.towns, first, self.frame.today)) if first else ()

    def _is_clean(self, period):
        """Whether a grid's stored fact of the period holds."""
        kept = period.kind in (WEEK, MONTH) and self.frame.is_counted(period)
        return kept and not self.frame.moved_before(period.last)

    # --- stored --------------------------------------------------------------------
    def _stored(self):
        """Stored facts by (area, kind, start): counted periods as such, all else by day, live days' old values too."""
        areas_of = defaultdict(set)
        for area, period in self.upper:
            for key in self._keys(period):
                areas_of[key].add(area.pk)
        for area, period in self.lower:
            if self._is_clean(period):
                areas_of[period.kind, period.start].add(area.pk)
        starts_of = defaultdict(set)
        for (kind, start), areas in areas_of.items():
            starts_of[kind, frozenset(areas)].add(start)
        query = Q(pk__in=[])
        for (kind, areas), starts in starts_of.items():
            query |= Q(area__in=areas, kind=kind, start__in=starts)
        rows = Fact.objects.filter(query).values(*COLUMNS) if starts_of else ()
        return {(row["area_id"], row["kind"], row["start"]): row for row in rows}

    def _keys(self, period):
        """Under which (kind, start) the stored facts of a period stand, with the old values of its live days."""
        days = self.frame.days(period)
        if self.frame.is_counted(period):
            return [(period.kind, period.start)] + [(DAY, day) for day in days if day in self.live_days]
        return [(DAY, day) for day in days]

    # --- live ----------------------------------------------------------------------
    def _count_villages(self):
        """Live rows of the villages in reach for the live days: {day: [row with unit]}."""
        if not self.live_days:
            return {}
        above = any(area.kind in UPPER for area, _ in self.upper)
        villages = None if above else tuple({area.village_id for area, _ in self.upper})
        buckets = [Bucket(day, day, day) for day in sorted(self.live_days)]
        scope, rows = self.frame.scope(villages, self.duty), defaultdict(list)
        for row in fetch(recount.select(recount.VILLAGE, scope), recount.parameters(scope, buckets)):
            rows[row["start"]].append(row)
        return rows

    def _places(self):
        """Village id -> ids of the areas it counts under. Towns and counties change by no act of this platform, and
        with one town there is nothing to look up."""
        county_of = {town.pk: town.county_id for town in self.frame.towns}
        units = {row["unit"] for rows in self.live.values() for row in rows}
        if len(county_of) == 1:
            ((town, county),) = county_of.items()
            return {unit: {unit, town, county} for unit in units}
        found = Area.objects.filter(pk__in=units).values_list("pk", "town_id") if units else ()
        return {unit: {unit, town, county_of[town]} for unit, town in found}

    def _count_grids(self):
        """Grids whose stored facts do not hold, counted over their whole periods: {(grid, period): row}. Every period
        gets a day of its own as its name, because two may begin on the same day."""
        if not self.live_grids:
            return {}
        named = {}
        for period, days in {period: days for (_, period), days in self.live_grids.items()}.items():
            named[dt.date(1, 1, 1) + dt.timedelta(days=len(named))] = (period, days)
        villages = {area.village_id for area, _ in self.live_grids}
        if self.frame.grids_moved:
            villages = recount.sharing_grids(self.frame.towns, villages)
        scope = self.frame.scope(tuple(villages), self.duty)
        buckets = [Bucket(name, days[0], days[-1]) for name, (_, days) in named.items()]
        rows = fetch(recount.select(recount.GRID, scope), recount.parameters(scope, buckets))
        return {(row["unit"], named[row["start"]][0]): row for row in rows}

    # --- merged --------------------------------------------------------------------
    def _grid(self, area, period):
        if self._is_clean(period):
            row = self.stored.get((area.pk, period.kind, period.start))
        else:
            row = self.grids.get((area.pk, period))
        return Figures.of([row] if row else [])

    def _above(self, area, period):
        stored = None
        if self.frame.is_counted(period):
            stored = self.stored.get((area.pk, period.kind, period.start))
        found = Figures.of([stored] if stored else [])
        days = self.frame.days(period)
        for day in days:
            self._add_day(found, area, day, part_of_stored=stored is not None, is_end=day == days[-1])
        return found

    def _add_day(self, found, area, day, *, part_of_stored, is_end):
        old = self.stored.get((area.pk, DAY, day))
        if day not in self.live_days:
            if old and not part_of_stored:
                found.add(old)
                if is_end:
                    found.stand(old)
            return
        if old and part_of_stored:
            found.add(old, sign=-1)
        rows = [row for row in self.live.get(day, ()) if area.pk in self.places[row["unit"]]]
        for n, row in enumerate(rows):
            found.add(row)
            if is_end:
                found.stand(row, add=n > 0)


def is_grid(area) -> bool:
    """A reporting area below a village; everything else is read by its villages."""
    return area.reports and area.village_id != area.pk
