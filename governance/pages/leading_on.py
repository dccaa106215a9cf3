"""An address with a code that a place bore formerly leads on to the place, for those who may look at it."""

from urllib.parse import urlencode

from django.urls import reverse

from grids import access, former
from grids.roles import GRIDS

PUBLIC = "grids:notice"  # the notice of a grid: for everybody, as it hangs at the wall


def address_now(request) -> str | None:
    """The address with the present code in place of the former one, in the path or as ?area=; None where no place
    bore it or the reader may not look at the place."""
    match = request.resolver_match
    if match is None or request.method not in ("GET", "HEAD"):
        return None
    kwargs, query, changed = dict(match.kwargs), request.GET.dict(), False
    for said, name in ((kwargs, "code"), (query, "area")):
        place = former.bearer(said[name]) if said.get(name) else None
        if place is not None:
            if not _is_shown(request, match.view_name, place):
                return None
            said[name], changed = place.code, True
    if not changed:
        return None
    return reverse(match.view_name, kwargs=kwargs) + (f"?{urlencode(query)}" if query else "")


def _is_shown(request, view_name, place):
    if view_name == PUBLIC:
        return place.kind in GRIDS and place.ended_on is None
    return access.may(request.user, "area.view", place.path)
