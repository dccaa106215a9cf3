"""The figures of one month as a Django project without recounting SQL gets them: the ORM's group-bys, one a level and
kind of period, merged in Python and not even written. It is given every help: areas open throughout, excused days found
once for all levels, stocks carried on from day to day."""

from collections import defaultdict
from itertools import accumulate

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth, TruncWeek

from casework.codes import CATEGORIES, FIELDS, Closing
from casework.models import Spell
from common.periods import DAY, MONTH, WEEK, Period, between, days
from grids.models import Leave, Placement, Post
from grids.roles import Role
from households.models import Household, HouseholdLink
from ledgers.models import COUNTS, STOCKS, Fact
from screening.duty import duty_days
from screening.models import DailyReport, Finding

LEVELS = {  # level: where reports, findings and cases say it, the kinds of periods stored for it
    "grid": ("area", "grid", (WEEK, MONTH)),
    "village": ("village", "village", (DAY, WEEK, MONTH)),
    "town": ("town", "town", (DAY, WEEK, MONTH)),
    "county": ("town__county", "town__county", (DAY, WEEK, MONTH)),
}
FIELD_AT = {code: n for n, code in enumerate(FIELDS)}
CATEGORY_AT = {code: n for n, code in enumerate(CATEGORIES)}
WAYS = {Closing.SETTLED: "settled", Closing.UNSETTLED: "unsettled",
        Closing.TRANSFERRED: "transferred", Closing.DUPLICATE: "duplicates"}  # fmt: skip


class ByOrm:
    """One month with its days and the weeks that begin in it; `rows` is {(area id, kind, start): figures}."""

    def __init__(self, towns, month: Period):
        self.towns = towns
        self.periods = {kind: [p for p in between(kind, month.start, month.last) if p.start >= month.start]
                        for kind in (DAY, WEEK, MONTH)}  # fmt: skip
        self.rows = defaultdict(lambda: dict.fromkeys([*COUNTS, *STOCKS], 0) | {"by_field": None, "by_category": None})

    def count(self):
        excused = self._excused()
        for level, (owner, place, kinds) in LEVELS.items():
            for kind in kinds:
                found = self.periods[kind]
                first, last = found[0].start, found[-1].last
                self._expected(level, kind, found)
                self._reports(owner, kind, first, last)
                self._findings(place, kind, first, last)
                self._flows(f"case__{place}", kind, first, last)
                self._stocks(place, kind, found)
                self._add_excused(level, kind, found, excused)
        for row in self.rows.values():
            row["missing"] = row["expected"] - row["on_time"] - row["late"] - row["excused"]
        return self.rows

    def _expected(self, level, kind, found):
        owner = "area" if level == "grid" else level
        last = found[-1].last
        always = Placement.objects.filter(Q(until_day=None) | Q(until_day__gt=last), from_day__lte=found[0].start)
        duty = defaultdict(set)
        for due in duty_days(self.towns, found[0].start, last):
            duty[due.town_id].add(due.day)
        rows = always.filter(reports=True, town__in=self.towns).values_list(owner, "town").annotate(n=Count("id"))
        for area, town, n in rows:
            for period in found:
                self.rows[area, kind, period.start]["expected"] += n * sum(day in duty[town] for day in period.days)

    def _excused(self):
        """(grid, village, town, county, day) of every report that nobody was there to file."""
        span = days(self.periods[DAY][0].start, max(found[-1].last for found in self.periods.values()))
        away = defaultdict(list)
        for post, first, until in Leave.objects.filter(stand_in=None).values_list("post", "from_day", "until_day"):
            away[post].append((first, until))
        there = defaultdict(set)
        posts = Post.objects.filter(role=Role.GRID_WORKER).values_list("id", "area", "from_day", "until_day")
        for post, area, first, until in posts:
            gone = {d for a, b in away[post] for d in span if a <= d < b}
            there[area] |= {d for d in span if first <= d and (until is None or d < until)} - gone
        places = Placement.objects.filter(reports=True, town__in=self.towns)
        silent = [
            (area, village, town, county, day)
            for area, village, town, county in places.values_list("area", "village", "town", "county")
            for day in span
            if day not in there[area]
        ]
        filed = set(
            DailyReport.objects.filter(area__in={key[0] for key in silent}, day__range=(span[0], span[-1]))
            .filter(voided_at=None)
            .values_list("area", "day")
        )
        return [key for key in silent if (key[0], key[4]) not in filed]

    def _add_excused(self, level, kind, found, excused):
        at = list(LEVELS).index(level)
        start_of = {day: period.start for period in found for day in period.days}
        for key in excused:
            if key[4] in start_of:
                self.rows[key[at], kind, start_of[key[4]]]["excused"] += 1

    def _reports(self, owner, kind, first, last):
        rows = DailyReport.objects.filter(day__range=(first, last), voided_at=None, town__in=self.towns)
        for area, start, n, late, nil in rows.values_list(owner, _start(kind, "day")).annotate(
            n=Count("id"), late=Count("id", filter=Q(late=True)), nil=Count("id", filter=Q(nil=True))
        ):
            row = self.rows[area, kind, start]
            row["on_time"], row["late"], row["nil"] = n - late, late, nil

    def _findings(self, place, kind, first, last):
        rows = Finding.objects.filter(day__range=(first, last), withdrawn_by=None, town__in=self.towns)
        for name, column, at in (("by_field", "field", FIELD_AT), ("by_category", "category", CATEGORY_AT)):
            grouped = rows.values_list(place, _start(kind, "day"), column).annotate(n=Count("id"))
            for area, start, code, n in grouped:
                row = self.rows[area, kind, start]
                row[name] = row[name] or [0] * len(at)
                row[name][at[code]] = n
                row["findings"] += n if name == "by_field" else 0

    def _flows(self, place, kind, first, last):
        spells = Spell.objects.filter(case__kind="dispute", case__town__in=self.towns)
        opened = spells.filter(opened_on__range=(first, last)).values_list(place, _start(kind, "opened_on"))
        for area, start, new, again in opened.annotate(
            new=Count("id", filter=Q(round=1)), again=Count("id", filter=Q(round__gt=1))
        ):
            self.rows[area, kind, start] |= {"opened": new, "reopened": again}
        closed = spells.filter(closed_on__range=(first, last)).values_list(
            place, _start(kind, "closed_on"), "closed_as"
        )
        for area, start, way, n in closed.annotate(n=Count("id")):
            self.rows[area, kind, start][WAYS[way]] = n

    def _stocks(self, place, kind, found):
        spells = Spell.objects.filter(case__kind="dispute", case__town__in=self.towns)
        homes, links = (model.objects.filter(town__in=self.towns) for model in (Household, HouseholdLink))
        self._stock("open", spells, f"case__{place}", ("opened_on", "closed_on"), kind, found)
        self._stock("households", homes, place, ("from_day", "until_day"), kind, found)
        self._stock("linked", links, place, ("from_day", "until_day"), kind, found)

    def _stock(self, figure, rows, place, span, kind, found):
        """Those there before the first day, and every beginning and end since, carried from period to period."""
        begins, ends = span
        first, last = found[0].start, found[-1].last
        changes = defaultdict(lambda: [0] * len(found))
        at = {day: n for n, period in enumerate(found) for day in period.days}
        there = rows.filter(Q(**{ends: None}) | Q(**{f"{ends}__gte": first}), **{f"{begins}__lt": first})
        for area, n in there.values_list(place).annotate(n=Count("id")):
            changes[area][0] += n
        for column, sign in ((begins, 1), (ends, -1)):
            moved = rows.filter(**{f"{column}__range": (first, last)}).values_list(place, column)
            for area, day, n in moved.annotate(n=Count("id")):
                changes[area][at[day]] += sign * n
        for area, steps in changes.items():
            for period, n in zip(found, accumulate(steps), strict=True):
                self.rows[area, kind, period.start][figure] = n

    def differences(self) -> int:
        """How many stored facts of these periods differ from the figures found here, in any column."""
        query = Q(pk__in=[])
        for kind, found in self.periods.items():
            query |= Q(kind=kind, start__in=[period.start for period in found])
        stored = {
            (row.pop("area_id"), row.pop("kind"), row.pop("start")): row for row in Fact.objects.filter(query).values()
        }
        empty = dict.fromkeys([*COUNTS, *STOCKS], 0) | {"by_field": None, "by_category": None}
        keys = stored.keys() | self.rows.keys()
        return sum(stored.get(key, empty) != dict(self.rows.get(key, empty)) for key in keys)


def _start(kind, column):
    return {DAY: F(column), WEEK: TruncWeek(column), MONTH: TruncMonth(column)}[kind]
