"""One area's figures of one period as cells: every number with its list."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from casework.codes import Category, Field
from governance.pages.cells import Count, Share
from governance.pages.lists import Lists
from grids.models import Area
from ledgers.figures import Figures

STATES = {
    "on_time": (_("on time"), "good"),
    "late": (_("late"), "warn"),
    "missing": (_("missing"), "bad"),
    "excused": (_("excused"), ""),
    "pending": (_("pending"), ""),
}
ENDINGS = {
    "unsettled": (_("closed unsettled"), "unsettled"),
    "transferred": (_("transferred"), "transferred"),
    "duplicates": (_("duplicates"), "duplicate"),
}


@dataclass(frozen=True)
class Telling:
    """What can be said of an area and period."""

    area: Area
    period: object
    found: Figures
    lists: Lists

    # --- reports -------------------------------------------------------------------
    @property
    def on_time(self):
        url = self.lists.reports(self.area, self.period, "on_time")
        return Share(self.found.on_time, self.found.expected, url, _("reported on time"), "on_time")

    @property
    def reported(self):
        url = self.lists.reports(self.area, self.period, "reported")
        return Share(self.found.reported, self.found.expected, url, _("reported"))

    @property
    def expected(self):
        return self._reports("expected", _("reports expected"))

    @property
    def late(self):
        return self._reports("late", _("late"))

    @property
    def missing(self):
        return self._reports("missing", _("missing"))

    @property
    def nil(self):
        return self._reports("nil", _("nil reports"))

    @property
    def states(self):
        """(label, tone, cell) of each state a report can be in; together they are the expected ones."""
        return [(label, tone, self._reports(name, label)) for name, (label, tone) in STATES.items()]

    def _reports(self, name, label):
        return Count(getattr(self.found, name), self.lists.reports(self.area, self.period, name), label)

    # --- findings ------------------------------------------------------------------
    @property
    def findings(self):
        return Count(self.found.findings, self.lists.findings(self.area, self.period), _("findings"), "findings")

    @property
    def fields(self):
        """(label, cell) of the seven fields."""
        return [
            (field.label, Count(n, self.lists.findings(self.area, self.period, field=field.value), field.label))
            for field, n in zip(Field, self.found.by_field, strict=True)
        ]

    @property
    def categories(self):
        """(label, cell) of the eighteen categories, those with findings first."""
        cells = [
            (kind.label, Count(n, self.lists.findings(self.area, self.period, category=kind.value), kind.label))
            for kind, n in zip(Category, self.found.by_category, strict=True)
        ]
        return sorted(cells, key=lambda one: -one[1].value)

    # --- disputes ------------------------------------------------------------------
    @property
    def opened(self):
        return Count(self.found.opened, self.lists.disputes(self.area, self.period, "found"), _("disputes found"))

    @property
    def reopened(self):
        url = self.lists.disputes(self.area, self.period, "reopened")
        return Count(self.found.reopened, url, _("disputes reopened"))

    @property
    def settled(self):
        url = self.lists.disputes(self.area, self.period, "settled")
        return Count(self.found.settled, url, _("disputes settled"))

    @property
    def endings(self):
        """(label, cell) of the other ways in which disputes ended."""
        return [
            (
                label,
                Count(
                    getattr(self.found, name),
                    self.lists.disputes(self.area, self.period, "closed", closed_as=way),
                    label,
                ),
            )
            for name, (label, way) in ENDINGS.items()
        ]

    @property
    def open(self):
        url = self.lists.open_disputes(self.area, self.period)
        return Count(self.found.open, url, _("open disputes"), "open")

    @property
    def flows(self):
        """(label, cell) of everything that happened to disputes, and how many are open at the end."""
        return [
            (_("found"), self.opened),
            (_("reopened"), self.reopened),
            (_("settled"), self.settled),
            *self.endings,
            (_("open at the end"), self.open),
        ]

    # --- visits --------------------------------------------------------------------
    @property
    def visited(self):
        url = self.lists.visits_due(self.area, self.period, "visited")
        return Share(self.found.visited, self.found.to_visit, url, _("linked households visited"), "visited")

    @property
    def overdue(self):
        return Count(self.found.overdue, self.lists.visits_due(self.area, self.period, "overdue"), _("visits overdue"))

    @property
    def visits(self):
        return Count(self.found.visits, self.lists.visits(self.area, self.period), _("visits at home"))

    @property
    def nobody_home(self):
        url = self.lists.visits(self.area, self.period, result="nobody")
        return Count(self.found.nobody_home, url, _("nobody home"))

    # --- households ----------------------------------------------------------------
    @property
    def linked(self):
        url = self.lists.households(self.area, self.period, linked="yes")
        return Share(self.found.linked, self.found.households, url, _("households linked"), "linked")

    @property
    def unlinked(self):
        url = self.lists.households(self.area, self.period, linked="no")
        return Count(self.found.unlinked, url, _("households without a link"))

    @property
    def households(self):
        return Count(self.found.households, self.lists.households(self.area, self.period), _("households"))
