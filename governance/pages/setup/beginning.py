"""Where setting up begins: towns that were begun, towns that are open, and the search for one more in the list."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from governance.pages.setup import steps
from governance.pages.setup.county_list import counties_of
from grids import access, names, setting_up
from grids.models import Area, Division, TownSetUp

MOST = 40


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request):
    """GET: what can be gone on with, and what the search found. POST: begins the town with the code."""
    if not access.may_somewhere(request.user, "area.change"):
        raise PermissionDenied("area.change")
    wrong = None
    if request.method == "POST":
        try:
            set_up = setting_up.begin(code=request.POST.get("code", "")[:12], by=request.user)
            return redirect(steps.first_open(set_up))
        except ValidationError as refused:
            wrong = " ".join(refused.messages)
    counties = counties_of(request.user)
    asked = request.GET.get("q", "").strip()[:60]
    begun = TownSetUp.objects.filter(town=None, county__in=counties).order_by("-begun_at")
    towns = Area.objects.filter(kind=Area.Kind.TOWN, ended_on=None).visible_to(request.user, "area.change")
    context = {
        "counties": counties, "asked": asked, "found": _found(counties, asked), "most": MOST, "begun": begun,
        "towns": towns.order_by("code"), "wrong": wrong,
    }  # fmt: skip
    return render(request, "governance/setup/begin.html", context, status=422 if wrong else 200)


def _found(counties, asked):
    """Towns of one's counties that are not open, by name, sound, initials or code; without a word the first ones."""
    codes = [county.code for county in counties]
    towns = Division.objects.filter(level=Division.Level.TOWN, gone_on=None, parent_code__in=codes)
    towns = towns.exclude(code__in=Area.objects.filter(kind=Area.Kind.TOWN).values("code"))
    return [town for town in towns.order_by("code") if _fits(town, asked.lower().replace(" ", ""))][:MOST]


def _fits(town, word):
    """A county has few towns: how they sound is worked out when somebody looks for one."""
    name = str(town)
    sound = names.sound(name)
    starts = (town.code, sound.replace(" ", ""), names.initials(name))
    return word in name or word in town.name or any(text.startswith(word) for text in starts)


@require_POST
def drop(request, code):
    """Gives up what was begun; there is nothing to give up of a town that is open."""
    begun = TownSetUp.objects.select_related("county", "town").filter(town=None)
    setting_up.drop(set_up=access.fetch(begun, request.user, "area.change", code=code), by=request.user)
    return redirect("set_up")
