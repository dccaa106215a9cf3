"""The parts of an area side by side: villages of a town, grids of a village, micro-grids of a grid."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.pages.choice import SHADES, has_own_figures
from governance.pages.telling import Telling
from grids.models import Area

KINDS = {
    Area.Kind.TOWN: _("Towns compared"),
    Area.Kind.VILLAGE: _("Villages compared"),
    Area.Kind.GRID: _("Grids compared"),
    Area.Kind.SMALL_GRID: _("Small grids compared"),
    Area.Kind.GROUP: _("Villager groups compared"),
    Area.Kind.MICRO_GRID: _("Micro-grids compared"),
}
DUTY = {
    "on_time": _("on-time rate"),
    "late": _("late"),
    "missing": _("missing"),
}
COUNTS = {
    "findings": _("findings"),
    "opened": _("found"),
    "settled": _("settled"),
    "open": _("open"),
    "linked": _("link coverage"),
}


@dataclass(frozen=True)
class Row:
    """One part: its name, where a click leads, and its cells in the order of the columns."""

    area: Area
    url: str
    cells: list  # (key, cell, None or (value, most) of the bar beside it)


class Comparison:
    """A row for every part and one for the whole. Places below the grid file no reports: those columns are left out.
    `address(child)` is where a click leads, by default to the child's own comparison."""

    def __init__(self, choice, children, below, told, lists, address=None):
        self.choice, self.children, self.below, self.lists = choice, children, below, lists
        self.address = address or self._further
        self.with_duty = any(has_own_figures(child) for child in children)
        self.columns = (DUTY if self.with_duty else {}) | COUNTS
        self.most = max((found.findings for found in below.values()), default=0)
        self.rows = [self._row(child) for child in children]
        self.sum = self._cells(told)

    @property
    def title(self):
        kinds = {child.kind for child in self.children}
        return KINDS[kinds.pop()] if len(kinds) == 1 and kinds <= set(KINDS) else _("Parts compared")

    @property
    def heads(self):
        """(key, label) of the columns."""
        return self.columns.items()

    @property
    def shades(self):
        """(key, label) of what a map can be shaded by here."""
        return [(key, label) for key, label in SHADES.items() if key in self.columns]

    @property
    def shade(self):
        """What the map is shaded by: the chosen figure, or the first there is."""
        return self.choice.shade if self.choice.shade in self.columns else self.shades[0][0]

    @property
    def shade_label(self):
        return SHADES[self.shade]

    def _row(self, child):
        told = Telling(child, self.choice.period, self.below[child.pk], self.lists)
        return Row(child, self.address(child), self._cells(told))

    def _further(self, child):
        return self.choice.url(area=child) if has_own_figures(child) else reverse("grids:area", args=[child.code])

    def _cells(self, told):
        """(key, cell, bar) in the order of the columns."""
        return [(key, getattr(told, key), self._bar(key, told.found)) for key in self.columns]

    def _bar(self, key, found):
        bars = {
            "on_time": (found.on_time, found.expected),
            "findings": (found.findings, self.most),
        }
        return bars.get(key)
