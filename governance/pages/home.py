"""Home: everybody is taken to the page their post works with; without one they read whom to ask."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from grids import access
from grids.models import Area, Post
from grids.roles import HELPERS, REPORTERS
from grids.roles import Role as R

# the posts with the most to do come first; who holds several begins with the first of them
LANDINGS = {
    R.GRID_WORKER: "screening:today",
    R.GRID_ASSISTANT: "screening:today",
    R.VILLAGE_DESK: "screening:desk",
    R.VILLAGE_DIRECTOR: "screening:desk",
    R.VILLAGE_SECRETARY: "screening:desk",
    R.MEDIATOR: "disputes:list",
    R.DISCIPLINE_LIAISON: "orders:list",
    R.TOWN_DESK: "dashboard",
    R.TOWN_LEADER: "dashboard",
    R.PARTY_COMMITTEE: "dashboard",
    R.DISPATCHER: "orders:list",
    R.JUSTICE_OFFICE: "disputes:list",
    R.AREA_CADRE: "dashboard",
    R.COUNTY_DESK: "dashboard",
    R.SYSTEM_ADMIN: "system",
    R.SECURITY_ADMIN: "grids:ask",
    R.AUDIT_ADMIN: "grids:ask",
    R.GRID_LEADER: "dashboard",
    R.LINKED_MEMBER: "screening:round",
    **dict.fromkeys(sorted(HELPERS), "disputes:list"),
    R.MICRO_GRID_LEADER: "grids:areas",
    R.VOLUNTEER: "grids:areas",
}


@require_safe
def home(request):
    """Takes the person on; nobody stays here but those without a post."""
    roles = access.roles(request.user)
    for role, page in LANDINGS.items():
        if role in roles:
            return redirect(*(_still_to_set_up(request.user, role) or [page]))
    return render(request, "no_post.html")


def _still_to_set_up(user, role):
    """Where a town is being set up, whoever does it goes on there: the administrator of a county without a town, the
    desk of a town where nobody reports yet. None for everybody else."""
    tops = [post.area for post in access.posts(user) if post.role == role]
    if role == R.SYSTEM_ADMIN:
        towns = Area.objects.filter(kind=Area.Kind.TOWN).visible_to(user)
        return None if towns.exists() else ["set_up"]
    if role == R.TOWN_DESK and hasattr(tops[0], "profile"):
        workers = Post.objects.filter(area__town=tops[0], role__in=REPORTERS)
        return None if workers.exists() else ["set_up_next", tops[0].code]
    return None
