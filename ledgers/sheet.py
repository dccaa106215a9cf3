"""One village's ledger of one week as a page, a print or a table file shows it: sealed, or computed live."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.codes import CATEGORIES, FIELDS, Category, Field
from common import clock
from common.periods import WEEK, Period
from grids.models import Area, TownProfile
from ledgers import drafting, showing, signing
from ledgers.models import WeeklyLedger

TERMS = [  # of the carry-over line: column, sign, label
    ("opening", "", _("open at the start")), ("corrections", "+", _("corrections")), ("new", "+", _("found")),
    ("reopened", "+", _("reopened")), ("moved_in", "+", _("moved in")), ("settled", "−", _("settled")),
    ("unsettled", "−", _("closed unsettled")), ("transferred", "−", _("transferred")),
    ("duplicates", "−", _("duplicates")), ("moved_out", "−", _("moved out")), ("closing", "=", _("open at the end")),
]  # fmt: skip
DUTY = ["expected", "on_time", "late", "missing", "excused", "pending", "nil", "findings"]
GROUPED = ["carried", "new", "reopened", "settled", "otherwise", "closing", "findings"]


@dataclass(frozen=True)
class Number:
    """A count with its name and the list behind it."""

    label: str
    value: int
    url: str | None
    sign: str = ""


class Sheet:
    """A ledger as it is shown. `row` is the stored version, None while nothing is drafted; a draft and a running week
    are computed live, so that what came in a moment ago is there."""

    def __init__(self, village: Area, week: Period, versions: list[WeeklyLedger], row: WeeklyLedger | None):
        self.village, self.week, self.versions, self.row = village, week, versions, row

    @property
    def is_draft(self):
        return self.row is None or self.row.state == WeeklyLedger.State.DRAFT

    @property
    def is_running(self):
        return clock.today() < self.week.until

    @property
    def is_latest(self):
        return not self.versions or self.row == self.versions[-1]

    @cached_property
    def said(self):
        """{totals, content, opened_from} as drafting.compose gives it."""
        if self.is_draft:
            return drafting.compose(self.village, self.week.start, as_of=clock.now())
        row = self.row
        return {"totals": row.content["totals"], "content": row.content, "opened_from": row.opened_from}

    @property
    def content(self):
        return self.said["content"]

    @property
    def returned_for(self):
        """Why the town returned this version, or, on a draft, the version before it."""
        shown = [
            row for row in self.versions if row == self.row or (self.is_draft and row.version == self.row.version - 1)
        ]
        return next((row.return_reason for row in reversed(shown) if row.return_reason), "")

    @property
    def seal_holds(self):
        return self.row is None or signing.seal_holds(self.row)

    @property
    def path(self):
        return address(self.village, self.week.start)

    def list_url(self, show, **narrowed):
        """Where the list behind one of this ledger's numbers stands."""
        version = {"version": self.row.version} if self.row else {}
        return f"{self.path}?{urlencode(version | {'show': show} | narrowed)}#list"

    @cached_property
    def terms(self) -> list[Number]:
        """The carry-over line, in order; each with the rows behind it."""
        return [Number(label, self.said["totals"][name], self._term_url(name), sign) for name, sign, label in TERMS]

    def _term_url(self, name):
        before = self.said["opened_from"]
        if name == "opening" and before:
            return f"{address(self.village, before.week)}?version={before.version}&show=closing#list"
        if name == "opening":
            return self.list_url("carried")
        return self.list_url(name) if name in showing.CHOICES else None

    @cached_property
    def duty(self) -> list[Number]:
        """Reports expected, and what became of them; findings."""
        counts = self.content["figures"]
        return [Number(showing.CHOICES[name].label, counts[name], self.list_url(name)) for name in DUTY]

    @cached_property
    def by_category(self):
        return [self._group(Category(code).label, category=code) for code in self._used("category", CATEGORIES)]

    @cached_property
    def by_field(self):
        return [self._group(Field(code).label, field=code) for code in self._used("field", FIELDS)]

    @cached_property
    def sums(self):
        return self._group(_("Total"))

    def _used(self, name, codes):
        used = {row[name] for part in ("lines", "findings") for row in self.content[part]}
        return [code for code in codes if code in used]

    def _group(self, label, **narrowed):
        numbers = [
            Number(showing.CHOICES[show].label, len(showing.rows(self.content, show, **narrowed)),
                   self.list_url(show, **narrowed))
            for show in GROUPED
        ]  # fmt: skip
        return {"label": label, "numbers": numbers}

    @property
    def group_heads(self):
        return [showing.CHOICES[show].label for show in GROUPED]

    @property
    def late(self):
        return [showing.in_words(showing.LATE, row) for row in self.content["late"]]

    def shown(self, show="all", category="", field="") -> showing.Shown:
        """The list behind a number; Http404 for a number or code that does not exist."""
        try:
            return showing.chosen(self.content, show or "all", category=category, field=field)
        except (KeyError, ValueError):
            raise Http404 from None

    @cached_property
    def changes(self):
        """What each version changed against the one before it, newest first: (version, difference in words)."""
        pairs = zip(self.versions, self.versions[1:], strict=False)
        return [(newer, self._difference(older, newer)) for older, newer in reversed(list(pairs))]

    def _difference(self, older, newer):
        content = newer.content
        if newer.state == WeeklyLedger.State.DRAFT:
            content = self.content if newer == self.row else drafting.compose_now(newer)["content"]
        found = drafting.difference(older.content, content)
        return {part: _worded(part, found[part]) for part in (showing.LINES, showing.REPORTS, showing.FINDINGS)}


def _worded(part, change):
    return {
        "added": [showing.in_words(part, row) for row in change["added"]],
        "removed": [showing.in_words(part, row) for row in change["removed"]],
        "changed": [{name: showing.in_words(part, row) for name, row in pair.items()} for pair in change["changed"]],
    }


def address(village: Area, monday: dt.date) -> str:
    return reverse("ledgers:week", args=[village.code, monday.isoformat()])


def open_sheet(village: Area, monday: str, version="") -> Sheet:
    """The ledger of a village and week, the newest version or a named one. Http404 for what is not a Monday, lies in
    the future or before the town worked with the platform, or a version that does not exist."""
    week = week_of(monday)
    versions = list(WeeklyLedger.objects.filter(village=village, week=week.start).order_by("version"))
    if not versions and not began(village.town) <= week.last:
        raise Http404
    if not version:
        return Sheet(village, week, versions, versions[-1] if versions else None)
    named = [row for row in versions if str(row.version) == version]
    if not named:
        raise Http404
    return Sheet(village, week, versions, named[0])


def week_of(monday: str) -> Period:
    """The week of an ISO date; Http404 unless it is a Monday that has come."""
    try:
        day = dt.date.fromisoformat(monday)
    except ValueError:
        raise Http404 from None
    if day.weekday() or day > clock.today():
        raise Http404
    return Period(WEEK, day)


def began(town: Area) -> dt.date:
    """Since when the town works with the platform; never, while it has no profile."""
    profile = TownProfile.objects.filter(town=town).first()
    return profile.in_use_from if profile else dt.date.max
