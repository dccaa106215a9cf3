"""Where setting up begins: towns that were begun, towns that are open, and the search for one more in the list."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from governance.pages.setup import steps
from grids import access, setting_up
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
    counties = list(Area.objects.filter(kind=Area.Kind.COUNTY).visible_to(request.user, "area.change").order_by("code"))
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
    if asked:
        sound = asked.lower().replace(" ", "")
        towns = towns.annotate(sound=Replace("pinyin", Value(" "))).filter(
            Q(name__icontains=asked) | Q(code__startswith=asked) | Q(initials__startswith=sound)
            | Q(sound__startswith=sound)
        )  # fmt: skip
    return list(towns.order_by("code")[:MOST])


@require_POST
def drop(request, code):
    """Gives up what was begun; there is nothing to give up of a town that is open."""
    begun = TownSetUp.objects.select_related("county", "town").filter(town=None)
    setting_up.drop(set_up=access.fetch(begun, request.user, "area.change", code=code), by=request.user)
    return redirect("set_up")
