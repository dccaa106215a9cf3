"""Which area a list is about: the one its address names, else the highest one the person's post gives him."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from grids import access
from grids.models import Area


def area_of_list(user, action: str, code: str = "") -> Area:
    """The area of a list a person asks for by code, or the first of his posts that allows the action.
    Outside his areas: Http404; inside, without the right there: PermissionDenied."""
    tops = [post.area for post in access.posts(user) if access.MAY[action].get(post.role)]
    if not code:
        if not tops:
            raise PermissionDenied(action)
        return min(tops, key=lambda area: (len(area.path), area.path))
    area = Area.objects.visible_to(user).select_related("village", "town").filter(code=code).first()
    if area is None:
        raise Http404
    if not any(area.path.startswith(top.path) for top in tops):
        raise PermissionDenied(action)
    return area
