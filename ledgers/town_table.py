"""The town's monthly table over all villages by a report form: counted in one statement, every cell with its list.

Found: first spells opened in the time, by the village where the dispute was found. Handled: those of them with a first
act by the end of the time. Settled: spells settled in the time, whenever found (domain handbook 8.4; the form divides
both rates by what was found)."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from casework.codes import Closing
from casework.models import Spell
from common import figures
from common.periods import Period
from grids.models import Area
from ledgers.drafting import villages_of
from ledgers.report_form import CAMPAIGNS, CATEGORY, MAJOR, NOT_COLLECTED, OVERALL, SIZE, Line, ReportForm

MONTH, YEAR, ALL = "month", "year", "all"


@dataclass(frozen=True)
class Column:
    """One column: a village, the town in the month, or the town since January 1st."""

    key: int | str  # the village's id, MONTH or YEAR
    label: str
    area: Area
    first: dt.date
    last: dt.date

    @property
    def is_whole(self):
        return self.key in (MONTH, YEAR)


@dataclass(frozen=True)
class Cell:
    """One cell: a count, or a rate as part and whole; None is not known. `dash` stands for what is never collected."""

    value: int | None
    whole: int | None = None
    url: str | None = None
    is_rate: bool = False
    dash: bool = False
    is_whole: bool = False

    @property
    def written(self):
        """The cell in a table file: a number, or "75.00 % (3/4)"."""
        if self.dash:
            return NOT_COLLECTED
        if self.value is None:
            return figures.UNKNOWN
        if not self.is_rate:
            return self.value
        return f"{figures.rate_text(self.value, self.whole)} ({self.value}/{self.whole})"


class TownTable:
    """The table of one town and month."""

    def __init__(self, town: Area, month: Period, form: ReportForm, village: Area | None = None):
        self.town, self.month, self.form, self.village = town, month, form, village
        self.year_start = month.start.replace(month=1)

    @cached_property
    def villages(self) -> list[Area]:
        """The villages open in the month, and those that have a figure in it though they ended before."""
        shown = {village.pk: village for village in villages_of(self.town, self.month)}
        more = {key for key, _, _ in self.counts if isinstance(key, int) and key not in shown}
        return sorted([*shown.values(), *Area.objects.filter(pk__in=more)], key=lambda area: area.path)

    @cached_property
    def columns(self) -> list[Column]:
        """Villages (or the one chosen), subtotal, year to date."""
        start, last, head = self.month.start, self.month.last, self.form.head
        shown = [self.village] if self.village else self.villages
        return [
            *(Column(village.pk, village.name, village, start, last) for village in shown),
            Column(MONTH, head["subtotal"], self.town, start, last),
            Column(YEAR, head["year"], self.town, self.year_start, last),
        ]

    @property
    def village_columns(self):
        return [column for column in self.columns if not column.is_whole]

    @property
    def whole_columns(self):
        return [column for column in self.columns if column.is_whole]

    @cached_property
    def counts(self) -> Counter:
        """(column key, what, measure) -> count; `what` is a category's code, ALL, MAJOR or a size class."""
        found = Counter()
        for row in self._query():
            village, category = row.pop("case__village"), row.pop("case__category")
            for name, n in row.items():
                if n:
                    what, span, measure = name.split("_")
                    whats = (category, ALL) if what == ALL else (what,)
                    keys = (village, MONTH) if span == MONTH else (YEAR,)
                    found.update({(key, one, measure): n for key in keys for one in whats})
        return found

    def _query(self):
        """One statement, whatever the number of villages."""
        year = (self.year_start, self.month.last)
        touched = Q(round=1, opened_on__range=year) | Q(closed_as=Closing.SETTLED, closed_on__range=year)
        spells = Spell.objects.filter(touched, case__kind="dispute", case__town=self.town)
        counts = {
            f"{what}_{span}_{measure}": Count("pk", filter=when & which)
            for span, first in ((MONTH, self.month.start), (YEAR, self.year_start))
            for measure, when in self._when(first).items()
            for what, which in self._which().items()
            if measure == "found" or not what.startswith(SIZE)
        }
        return spells.order_by().values("case__village", "case__category").annotate(**counts)

    def _when(self, first):
        found = Q(round=1, opened_on__range=(first, self.month.last))
        settled = Q(closed_as=Closing.SETTLED, closed_on__range=(first, self.month.last))
        return {"found": found, "handled": found & Q(handled_on__lte=self.month.last), "settled": settled}

    def _which(self):
        sizes = {_what(line)[0]: _people(line) for line in self.form.lines if line.kind == SIZE}
        return {ALL: Q(), MAJOR: Q(case__dispute__severity__in=self.form.severities)} | sizes

    def count(self, line: Line, column: Column, measure: str) -> int:
        """One count of the table; 0 where none of our categories belongs to the row."""
        return sum(self.counts[column.key, what, measure] for what in _what(line))

    def lines(self) -> list[tuple[Line, list[Cell]]]:
        """Every line with its cells in the order of the columns."""
        return [(line, [self.cell(line, column) for column in self.columns]) for line in self.form.lines]

    def blocks(self) -> list[tuple[str, list]]:
        """The lines by the rows of the form: (label, its lines with their cells)."""
        found = []
        for line, cells in self.lines():
            if line.first:
                found.append((line.label, []))
            found[-1][1].append((line, cells))
        return found

    def cell(self, line: Line, column: Column) -> Cell:
        if line.kind == CAMPAIGNS or line.codes is None:
            return Cell(None, dash=line.codes is None, is_whole=column.is_whole)
        if line.measure in self.form.rates:
            part, whole = (self.count(line, column, name) for name in self.form.rates[line.measure])
            return Cell(part, whole, is_rate=True, is_whole=column.is_whole)
        return Cell(self.count(line, column, line.measure), url=self._url(line, column), is_whole=column.is_whole)

    def _url(self, line, column):
        """The list that is as long as the count; none where no category of ours belongs to the row."""
        if line.kind == CATEGORY and not line.codes:
            return None
        asked = [("area", column.area.code), *_narrowed(line, self.form)]
        if line.measure == "settled":
            asked += [("settled_from", column.first), ("settled_to", column.last)]
        else:
            asked += [("found_from", column.first), ("found_to", column.last)]
        if line.measure == "handled":
            asked.append(("handled_to", column.last))
        return f"{reverse('disputes:list')}?{urlencode(asked)}"

    @property
    def summary(self) -> dict:
        """The town's month in five figures, with both ways to take the share of what was settled."""
        ended = Spell.objects.filter(
            case__kind="dispute", case__town=self.town, closed_on__range=(self.month.start, self.month.last)
        )
        found = {name: self.counts[MONTH, ALL, name] for name in ("found", "handled", "settled")}
        unsettled = ended.filter(closed_as=Closing.UNSETTLED).count()
        return found | {"closed": found["settled"] + unsettled}


def _what(line):
    return {
        OVERALL: (ALL,), MAJOR: (MAJOR,), CATEGORY: line.codes, SIZE: (f"{SIZE}{line.people[0]}",),
    }[line.kind]  # fmt: skip


def _people(line):
    least, most = line.people
    bounds = Q(case__dispute__people_involved__gte=least)
    return bounds if most is None else bounds & Q(case__dispute__people_involved__lte=most)


def _narrowed(line, form):
    """How the list of disputes is told which rows a line counts."""
    if line.kind == CATEGORY:
        return [("categories", code) for code in line.codes]
    if line.kind == MAJOR:
        return [("severity", code) for code in form.severities]
    if line.kind == SIZE:
        bounds = zip(("people_from", "people_to"), line.people, strict=True)
        return [(name, bound) for name, bound in bounds if bound is not None]
    return []
