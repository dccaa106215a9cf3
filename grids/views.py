"""What the floor of places shows by itself: the outlines a map is drawn from."""

from django.http import JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from common import clock
from grids import access, boundaries
from grids.models import Area


@require_safe
def outlines(request):
    """GeoJSON of the level below ?area=CODE, without any figure, so that a browser may keep it: a page's figures stand
    in its table. Outside the person's areas: 404."""
    area = access.fetch(Area.objects, request.user, "area.view", code=request.GET.get("area", ""))
    areas = boundaries.level_below(area, request.user, clock.today())
    etag = quote_etag(boundaries.version(areas))
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = JsonResponse(boundaries.collection(areas, lambda area: reverse("grids:area", args=[area.code])))
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer
