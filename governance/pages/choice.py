"""What a reader of figures looks at: which area, which day, week or month, shaded by what."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import clock, periods
from common.periods import Period
from grids import access
from grids.models import Area

SHADES = {
    "on_time": _("on-time rate"),
    "findings": _("findings"),
    "open": _("open disputes"),
    "linked": _("link coverage"),
}
WITH_TREE = ["county", "town__profile", "village", "grid"]


@dataclass(frozen=True)
class Choice:
    """One look at the figures of an area."""

    user: object
    area: Area
    period: Period
    shade: str = "on_time"

    @classmethod
    def of(cls, request):
        """Out of the query string; what is missing or makes no sense is this week at the area of the highest post.
        An area outside one's own is Http404, one whose figures one may not read PermissionDenied."""
        asked = request.GET
        area = readable_area(request.user, asked.get("area"))
        kind = periods.NAMES.get(asked.get("period"), periods.WEEK)
        period = periods.period_of(kind, min(_day(asked.get("date")), clock.today()))
        return cls(request.user, area, period, asked.get("shade") if asked.get("shade") in SHADES else "on_time")

    @property
    def day(self) -> dt.date:
        """The last day of the period that has begun."""
        return min(self.period.last, clock.today())

    @property
    def kind(self) -> str:
        return next(name for name, kind in periods.NAMES.items() if kind == self.period.kind)

    @property
    def shade_label(self):
        return SHADES[self.shade]

    @property
    def is_running(self) -> bool:
        """Whether the period is not over yet."""
        return self.period.last >= clock.today()

    def url(self, area=None, period=None, kind=None) -> str:
        """The address of another look: at an area, another period, or the same days by another kind of period."""
        period = period or self.period
        words = {"area": (area or self.area).code, "period": kind or self.kind, "date": period.start.isoformat()}
        if kind and kind != self.kind:
            words["date"] = self.day.isoformat()
        if self.shade != "on_time":
            words["shade"] = self.shade
        return f"{reverse('dashboard')}?{urlencode(words)}"

    @property
    def kinds(self):
        """(name, label, address) of the same days as day, week and month."""
        labels = {"day": _("by day"), "week": _("by week"), "month": _("by month")}
        return [(name, label, self.url(kind=name)) for name, label in labels.items()]

    @property
    def today(self):
        return clock.today()

    @property
    def earlier(self):
        before = self.period.shift(-1)
        return self.url(period=before) if before.start >= periods.FIRST_DAY else None

    @property
    def later(self):
        after = self.period.shift(1)
        return self.url(period=after) if after.start <= clock.today() else None

    @cached_property
    def crumbs(self):
        """The way down to the area: (area, address or None where the reader has no figures)."""
        steps = dict.fromkeys([self.area.county, self.area.town, self.area.village, self.area.grid, self.area])
        may = access.paths(self.user, "figures.view")
        return [
            (step, self.url(area=step) if any(step.path.startswith(top) for top in may) else None)
            for step in steps
            if step is not None
        ]

    @cached_property
    def children(self) -> list[Area]:
        """What lies directly below the area on some day of the period, in the order of the list."""
        there = Area.objects.filter(parent=self.area, opened_on__lte=self.day)
        there = there.exclude(ended_on__lte=self.period.start)
        return list(there.order_by("code"))


def readable_area(user, code=None) -> Area:
    """The area with that code, or the one of the person's highest post with a right to figures."""
    areas = Area.objects.select_related(*WITH_TREE)
    if code:
        return access.fetch(areas, user, "figures.view", code=code)
    tops = access.paths(user, "figures.view")
    if not tops:
        raise PermissionDenied("figures.view")
    return areas.get(path=min(tops, key=len))


def has_own_figures(area) -> bool:
    """Whether figures are kept for the area itself: from the county down to the reporting grid."""
    return area.kind in {Area.Kind.COUNTY, Area.Kind.TOWN} or area.village_id == area.pk or area.reports


def _day(text) -> dt.date:
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return clock.today()
    return day if day >= periods.FIRST_DAY else clock.today()
