"""Home: everybody is taken to the page their post works with; without one they read whom to ask."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from grids import access
from grids.roles import HELPERS
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
    R.LINKED_MEMBER: "households:list",
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
            return redirect(page)
    return render(request, "no_post.html")
