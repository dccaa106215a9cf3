"""What every act on the tree stands on: the places it is about, read and locked, and its wording of refusals."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import subtree
from grids.models import Area

WITH_TREE = ("parent", "town", "village", "grid", "county", "anchor")


class Refused(ValidationError):
    """The act cannot be done; one clear message, and nothing is changed."""


def place(pk) -> Area:
    """One place with what is above it; Refused where there is none of that id."""
    found = Area.objects.select_related(*WITH_TREE).filter(pk=pk).first()
    if found is None:
        raise Refused(_("The place does not exist any more."), "gone")
    return found


def places(pks) -> list[Area]:
    """Some places in the order of their ids given; Refused where one is missing or named twice."""
    pks = list(pks)
    found = {area.pk: area for area in Area.objects.select_related(*WITH_TREE).filter(pk__in=pks)}
    if len(found) < len(pks):
        raise Refused(_("A place is named twice, or does not exist any more."), "gone")
    return [found[pk] for pk in pks]


def standing(area: Area, on: dt.date) -> None:
    """Refused unless the place is there on the day and nobody has set an end to it."""
    if area.opened_on > on:
        raise Refused(_("%(area)s opens only later."), "day", {"area": area})
    if area.ended_on:
        raise Refused(_("%(area)s has ended or will end."), "ended", {"area": area})


def lock(changed, above=()) -> None:
    """Locks the places that change with everything below them, and those they hang from; without the key, so that
    reports go on being filed there. Whoever comes second waits, and then reads what the first has done: Refused where
    a place has moved meanwhile. Call inside a transaction."""
    clause = Q(pk__in=[area.pk for area in above])
    for area in changed:
        clause |= subtree(area.path)
    rows = Area.objects.filter(clause).order_by("pk").select_for_update(no_key=True)
    now = {pk: (path, ended) for pk, path, ended in rows.values_list("pk", "path", "ended_on")}
    for area in [*changed, *above]:
        if now.get(area.pk) != (area.path, area.ended_on):
            raise Refused(_("%(area)s was changed in the meantime. Look at it again."), "meanwhile", {"area": area})


def has_below(area: Area) -> bool:
    return area.children.filter(ended_on__isnull=True).exists()
