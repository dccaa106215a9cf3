"""Which kind of place may hang from which, and under what a place counts: the order of levels of a town's scheme."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grids.models import Area, Level

Kind = Area.Kind


class Levels:
    """The levels of towns, each read once."""

    def __init__(self):
        self._of = {}

    def of(self, town) -> dict:
        """The levels of a town by kind; ValidationError where it has no scheme."""
        if town is not None and town.pk not in self._of:
            rows = Level.objects.filter(scheme__townprofile__town=town)
            self._of[town.pk] = {row.kind: row for row in rows}
        found = self._of.get(town.pk) if town is not None else None
        if not found:
            raise ValidationError(_("%(town)s has no level scheme yet."), "scheme", {"town": town})
        return found

    def rank(self, kind, town) -> int:
        """Order of the kinds: county, town, then the levels of the town's scheme."""
        if kind in (Kind.COUNTY, Kind.TOWN):
            return -1 if kind == Kind.COUNTY else 0
        if kind == Kind.DEDICATED:
            return 2
        levels = self.of(town)
        if kind not in levels:
            raise ValidationError(_("The level scheme of %(town)s has no such level."), "level", {"town": town})
        return levels[kind].rank

    def check(self, kind, parent, anchor=None) -> None:
        """ValidationError unless a place of that kind may hang from `parent`."""
        if (parent is None) != (kind == Kind.COUNTY):
            raise ValidationError(_("Only a county stands at the top."), "parent")
        if parent is not None and self.rank(kind, parent.town) <= self.rank(parent.kind, parent.town):
            raise ValidationError(_("This kind of place cannot hang from %(parent)s."), "level", {"parent": parent})
        if kind == Kind.DEDICATED and parent.kind == Kind.TOWN and anchor is None:
            raise ValidationError(_("A dedicated grid needs the village where its office stands."), "anchor")

    def count_under(self, area, parent) -> None:
        """Fills county, town, village, grid and whether a report is expected. The village is the unit directly under
        the town; the grid is the reporting area itself or the one above it."""
        area.county = area if parent is None else parent.county
        area.town = area if area.kind == Kind.TOWN else parent and parent.town
        if area.town is None or area is area.town:
            return
        level = None if area.kind == Kind.DEDICATED else self.of(area.town)[area.kind]
        area.reports = level is None or level.reports
        area.village = area if parent.kind == Kind.TOWN else parent.village
        area.grid = area if area.reports else parent.grid

    def below(self, area) -> list:
        """The levels a place directly below `area` may have, the nearest first; dedicated grids apart."""
        own = self.rank(area.kind, area.town)
        return sorted((level for level in self.of(area.town).values() if level.rank > own), key=lambda row: row.rank)
