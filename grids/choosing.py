"""Which area a list is about: the one its address names, else the highest one the person's post gives him."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from grids import access
from grids.models import Area


def area_of_list(user, action: str, code: str = "") -> Area:
    """The area of a list a person asks for by code, or the first of his posts that allows the action.
    Outside his areas: Http404; inside, without the right there: PermissionDenied."""
    areas = Area.objects.select_related("village", "town")
    if not code:
        tops = access.paths(user, action, (access.AREA, access.FIGURES))
        if not tops:
            raise PermissionDenied(action)
        return areas.get(path=min(tops, key=lambda path: (len(path), path)))
    if found := areas.visible_to(user, action).filter(code=code).first():
        return found
    if areas.visible_to(user).filter(code=code).exists():
        raise PermissionDenied(action)
    raise Http404
