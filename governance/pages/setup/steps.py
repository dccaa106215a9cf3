"""The steps of setting up a town: which there are, which is done, where to go on."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids import access, setting_up
from grids.models import Area, TownSetUp


@dataclass(frozen=True)
class Step:
    """One line of the list of steps; `url` is None for a step that cannot be opened now."""

    name: str
    label: str
    url: str | None
    done: bool
    here: bool


LABELS = {
    "villages": _("Villages"),
    "levels": _("Levels and days"),
    "confirm": _("Check and open"),
    "grids": _("Grids"),
    "next": _("What comes next"),
}


def fetch(request, code) -> TownSetUp:
    """The set-up of a town, begun or open. 404 outside the person's areas, 403 without the right to change places."""
    found = TownSetUp.objects.select_related("county", "town").filter(code=code, town=None)
    if found.exists():
        return access.fetch(found, request.user, "area.change", code=code)
    towns = Area.objects.select_related("county", "profile__scheme").filter(kind=Area.Kind.TOWN)
    town = access.fetch(towns, request.user, "area.change", code=code)
    if not hasattr(town, "profile"):
        raise Http404
    return setting_up.of_town(town, request.user)


def done(set_up) -> dict:
    """Which steps are done."""
    opened = set_up.town_id is not None
    with_grids = opened and Area.objects.filter(village__town=set_up.town_id, reports=True).exists()
    return {
        "villages": opened or bool(set_up.choices.get("villages_chosen")),
        "levels": opened or "levels" in set_up.choices,
        "confirm": opened,
        "grids": with_grids,
        "next": False,
    }


def steps(set_up, here: str) -> list[Step]:
    """All steps; before the town is open those up to its opening can be gone to, afterwards those behind it."""
    finished, found, reachable = done(set_up), [], True
    for name, label in LABELS.items():
        after_opening = name in ("grids", "next")
        can_open = after_opening if set_up.town_id else (reachable and not after_opening)
        found.append(Step(name, label, address(name, set_up.code) if can_open else None, finished[name], name == here))
        reachable = reachable and finished[name]
    return found


def first_open(set_up) -> str:
    """Where to go on: the address of the first step that is not done."""
    return address(next(name for name, is_done in done(set_up).items() if not is_done), set_up.code)


def address(name, code) -> str:
    return reverse(f"set_up_{name}", args=[code])
