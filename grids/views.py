"""What the floor of places shows by itself: the outlines a map is drawn from."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from common import clock
from grids import access, boundaries
from grids.models import Area


@require_safe
def outlines(request):
    """GeoJSON of ?area=CODE: the level below it, or with ?level=KIND every place of that kind in it; simplified to what
    ?zoom=N of a web map shows. Without any figure, so that a browser may keep it: a page's figures stand in its table.
    Outside the person's areas: 404."""
    level, zoom = request.GET.get("level", ""), request.GET.get("zoom", "")
    if level and level not in Area.Kind.values:
        raise BadRequest("level")
    if zoom and zoom not in map(str, boundaries.ZOOMS):
        raise BadRequest("zoom")
    area = access.fetch(Area.objects, request.user, "area.view", code=request.GET.get("area", ""))
    areas = boundaries.shown(area, request.user, clock.today(), level)
    etag = quote_etag(boundaries.version(areas, zoom=zoom))
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        text = boundaries.collection(areas, _address, int(zoom) if zoom else None)
        answer = HttpResponse(text, content_type="application/json")
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _address(area):
    return reverse("grids:area", args=[area.code])
