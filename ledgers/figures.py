"""Reading figures: stored facts for clean days, the same SQL live for today, touched and uncounted days, merged.

So every page is true to the last commit, also with the worker stopped (architecture, the way through the house)."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from casework.codes import CATEGORIES, FIELDS
from common import clock, periods
from common.periods import DAY, MONTH, WEEK, Period
from grids.models import Area, TouchedDay, TownProfile
from ledgers import recount
from ledgers.models import COUNTS, STOCKS, Fact, OwedPeriod
from ledgers.recount import Bucket, Scope
from ledgers.rows import fetch

ARRAYS = {"by_field": len(FIELDS), "by_category": len(CATEGORIES)}


@dataclass
class Figures:
    """The figures of one area and period. `counts` add up over areas and days; `stocks` stand at the end of the last
    day; arrays follow casework.codes. Rates are numerator and denominator, never a bare percentage."""

    counts: dict = field(default_factory=lambda: dict.fromkeys([*COUNTS, *STOCKS], 0))
    by_field: list = field(default_factory=lambda: [0] * len(FIELDS))
    by_category: list = field(default_factory=lambda: [0] * len(CATEGORIES))

    def __getattr__(self, name):
        try:
            return self.__dict__["counts"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def reported(self) -> int:
        return self.on_time + self.late

    @property
    def unlinked(self) -> int:
        return self.households - self.linked

    def add(self, row: dict, sign=1) -> None:
        """Adds (or takes away) the counts and arrays of a row; stocks are set by `stand`."""
        for name in COUNTS:
            self.counts[name] += sign * row[name]
        for name in ARRAYS:
            mine = getattr(self, name)
            for n, value in enumerate(row[name] or ()):
                mine[n] += sign * value

    def stand(self, row: dict, add=False) -> None:
        """Takes the stocks of a row as those at the end."""
        for name in STOCKS:
            self.counts[name] = row[name] + (self.counts[name] if add else 0)


@dataclass(frozen=True, order=True)
class Span(Period):
    """A stretch of days (kind "S", start, end) as one period; it has no stored fact of its own."""

    end: dt.date = None

    @property
    def until(self):
        return self.end + dt.timedelta(days=1)


def read(wants, *, now: dt.datetime | None = None) -> dict:
    """Figures for pairs of (Area, Period): a dict from (area id, period) to Figures.

    Areas may be county, towns, villages, dedicated grids and reporting grids. Periods that have begun are read up to
    today; later ones are empty. At most seven queries, whatever the number of pairs."""
    now = now or clock.now()
    wants = list(dict.fromkeys(wants))
    upper = [(area, period) for area, period in wants if not _is_grid(area)]
    lower = [(area, period) for area, period in wants if _is_grid(area)]
    towns = _towns([area for area, _ in wants])
    return (_Reading(upper, towns, now).result() if upper else {}) | _grids(lower, towns, now)


def _is_grid(area):
    return area.reports and area.village_id != area.pk


def _towns(areas):
    ids = {area.town_id for area in areas if area.town_id}
    counties = {area.pk for area in areas if area.kind == Area.Kind.COUNTY}
    query = Q(town__in=ids) | Q(town__county__in=counties)
    return [profile.town for profile in TownProfile.objects.filter(query).select_related("town")]


class _Reading:
    """One reading of villages, towns and counties."""

    def __init__(self, wants, towns, now):
        self.wants, self.towns, self.now, self.today = wants, towns, now, now.date()
        self.counted, self.dirty = _counted(towns), _dirty(towns)
        self.live_days = self._live_days()
        self.stored = self._stored()
        self.live = self._count_live()

    def result(self):
        return {(area.pk, period): self._one(area, period) for area, period in self.wants}

    def _closed(self, period):
        return period.start in self.counted.get(period.kind, ())

    def _live_days(self):
        """Today, what is not counted yet, what is touched; and the last day of a period with a touched day before it,
        whose stocks may have moved."""
        wanted = set()
        for _, period in self.wants:
            end = min(period.last, self.today)
            for day in periods.days(period.start, end):
                if day >= self.today or day in self.dirty or day not in self.counted.get(DAY, ()):
                    wanted.add(day)
            if any(day <= end for day in self.dirty):
                wanted.add(end)
        return {day for day in wanted if self.towns}

    def _stored(self):
        """Stored facts by (area, kind, start): closed periods as such, all else by day, live days' old values too."""
        areas = {area.pk for area, _ in self.wants}
        chosen, days = {}, set(self.live_days)
        for _, period in self.wants:
            if self._closed(period):
                chosen.setdefault(period.kind, set()).add(period.start)
            else:
                days |= set(periods.days(period.start, min(period.last, self.today)))
        query = Q(kind=DAY, start__in=days)
        for kind, starts in chosen.items():
            query |= Q(kind=kind, start__in=starts)
        columns = ["area_id", "kind", "start", *COUNTS, *STOCKS, *ARRAYS]
        rows = Fact.objects.filter(query, area__in=areas).values(*columns)
        return {(row["area_id"], row["kind"], row["start"]): row for row in rows}

    def _count_live(self):
        """Live rows of the villages in reach for the live days: {day: [row with unit]}."""
        if not self.live_days:
            return {}
        scope = Scope(tuple(self.towns), self.now, self._villages())
        buckets = [Bucket(day, day, day) for day in sorted(self.live_days)]
        rows = {}
        for row in fetch(recount.select(recount.VILLAGE, scope), recount.parameters(scope, buckets)):
            rows.setdefault(row["start"], []).append(row)
        self.places = self._places()
        return rows

    def _villages(self):
        """Only the villages asked for, when nothing above a village is asked for."""
        kinds = {area.kind for area, _ in self.wants}
        if kinds & {Area.Kind.TOWN, Area.Kind.COUNTY}:
            return None
        return tuple({area.village_id for area, _ in self.wants})

    def _places(self):
        """Village id -> ids of the areas it counts under. Towns and counties change by no act of this platform."""
        town_of = {town.pk: town.county_id for town in self.towns}
        villages = Area.objects.filter(town__in=town_of, village_id__isnull=False)
        pairs = villages.values_list("village_id", "town_id").distinct()
        return {village: {village, town, town_of[town]} for village, town in pairs}

    def _live_rows(self, area, day):
        return [row for row in self.live.get(day, ()) if area.pk in self.places[row["unit"]]]

    def _one(self, area, period):
        found = Figures()
        end = min(period.last, self.today)
        closed = self._closed(period)
        stored = self.stored.get((area.pk, period.kind, period.start)) if closed else None
        if stored:
            found.add(stored)
            found.stand(stored)
        for day in periods.days(period.start, end):
            self._add_day(found, area, day, part_of_stored=stored is not None, is_end=day == end)
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
        rows = self._live_rows(area, day)
        for n, row in enumerate(rows):
            found.add(row)
            if is_end:
                found.stand(row, add=n > 0)


def _counted(towns):
    """Kind -> starts of the periods that are counted for every one of the towns."""
    seen = {}
    done = OwedPeriod.objects.filter(town__in=towns, done_at__isnull=False)
    for kind, start in done.values_list("kind", "start"):
        seen.setdefault(kind, {}).setdefault(start, 0)
        seen[kind][start] += 1
    return {kind: {start for start, n in starts.items() if n == len(towns)} for kind, starts in seen.items()}


def _dirty(towns):
    """Days touched since they were counted."""
    return set(TouchedDay.objects.filter(town__in=towns).values_list("day", flat=True).distinct())


def _grids(wants, towns, now):
    """Grids: stored for closed, clean weeks and months; else counted live over the period, one statement a period."""
    if not wants:
        return {}
    counted, dirty, today = _counted(towns), _dirty(towns), now.date()
    villages = tuple({area.village_id for area, _ in wants})
    found = {}
    for period in {period for _, period in wants}:
        areas = [area for area, wanted in wants if wanted == period]
        clean = period.kind in (WEEK, MONTH) and period.start in counted.get(period.kind, ())
        if clean and not any(day <= period.last for day in dirty):
            rows = Fact.objects.filter(area__in=areas, kind=period.kind, start=period.start).values()
            rows = {row["area_id"]: row for row in rows}
        else:
            scope = Scope(tuple(towns), now, villages)
            buckets = [Bucket(period.start, period.start, max(period.start, min(period.last, today)))]
            counts = fetch(recount.select(recount.GRID, scope), recount.parameters(scope, buckets))
            rows = {row["unit"]: row for row in counts}
        for area in areas:
            found[area.pk, period] = one = Figures()
            if area.pk in rows:
                one.add(rows[area.pk])
                one.stand(rows[area.pk])
    return found
