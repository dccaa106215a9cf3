"""Which levels the map of a place can show: what lies directly below it with the figures, or every place of a kind."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.fields import on_day
from grids.models import Area, Boundary


@dataclass(frozen=True)
class MapLevel:
    """One choice: `kind` "" is what lies directly below. `url` opens the page with it, `outlines` is what is drawn."""

    kind: str
    label: str
    url: str
    outlines: str
    is_chosen: bool


def of(place: Area, asked: str, labels) -> list[MapLevel]:
    """The choices of a place, directly below first; deeper kinds only where outlines of them are there (one query).
    `labels.of(area)` says what a kind is called in the place's town."""
    rows = Boundary.objects.filter(on_day(clock.today()), area__in=Area.objects.in_subtree(place))
    kinds = set(rows.exclude(area=place).exclude(area__parent=place).values_list("area__kind", flat=True).distinct())
    order = [kind for kind in Area.Kind.values if kind in kinds]
    page, outlines = reverse("grids:area", args=[place.code]), f"{reverse('grids:boundaries')}?area={place.code}"
    chosen = asked if asked in order else ""
    found = [MapLevel("", _("directly below"), page, outlines, not chosen)]
    for kind in order:
        label = labels.of(Area(kind=kind, town_id=place.town_id))
        found.append(MapLevel(kind, label, f"{page}?level={kind}", f"{outlines}&level={kind}", kind == chosen))
    return found
