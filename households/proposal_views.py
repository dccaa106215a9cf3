"""Pages of proposing boundaries from where households live."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock, reading
from grids import access
from grids.models import Area
from grids.outlines import drawing, showing
from households import placing, proposing
from households.forms import AcceptForm, PointsForm


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request, code):
    """Proposed boundaries of one level in a place, and taking some of them over."""
    place, levels, level = _asked(request, code)
    found = proposing.propose(place, level, clock.today()) if level else proposing.Proposed()
    fresh = [one.area.code for one in found.proposals if one.row is None]
    initial = {"codes": fresh, "from_day": clock.today()}
    form = AcceptForm(request.POST or None, proposals=found.proposals, initial=initial)
    remarks = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rows = proposing.accept(
                area=place,
                level=level,
                codes=said["codes"],
                on=said["from_day"],
                reason=said["reason"],
                by=request.user,
            )
        except drawing.OutlineRefused as refused:
            remarks = [one for said in refused.remarks.values() for one in said]
            form.add_error("reason", _("If they shall stand all the same, say why, and save again."))
        else:
            messages.success(request, _("%(count)s boundaries are in force, as not surveyed.") % {"count": len(rows)})
            return redirect("grids:boundary", place.code)
    return _shown(request, place, levels, level, found, form, remarks)


@require_POST
def points(request, code):
    """Where the houses of a place stand, out of a table."""
    place, _levels, _level = _asked(request, code)
    form = PointsForm(request.POST, request.FILES)
    problems = []
    if form.is_valid():
        try:
            count, table = placing.place(
                area=place, upload=form.cleaned_data["file"], datum=form.cleaned_data["datum"], by=request.user
            )  # fmt: skip
        except reading.Unreadable as unreadable:
            form.add_error("file", unreadable)
        else:
            problems = table.in_order
            if not problems:
                messages.success(request, _("%(count)s positions were changed.") % {"count": count})
                return redirect("households:proposal", place.code)
            form.add_error("file", _("Nothing was changed. Put the lines below right and send the table again."))
    context = {"place": place, "points_form": form, "problems": problems[:50]}
    return render(request, "households/positions.html", context, status=422)


def _asked(request, code):
    place = access.fetch(Area.objects.select_related("parent", "town"), request.user, "area.view", code=code)
    access.require(request.user, "household.view", place)
    access.require(request.user, "area.change", place)
    levels = proposing.levels(place, clock.today())
    level = request.GET.get("level") or next(iter(levels), "")
    if level and level not in levels:
        raise Http404
    return place, levels, level


def _shown(request, place, levels, level, found, form, remarks):
    shapes = showing.coarse([one.shape for one in found.proposals])
    features = [
        showing.feature(shape, "line", name=one.area.name, state="new" if one.row is None else "changed")
        for one, shape in zip(found.proposals, shapes, strict=True)
    ]
    labels = dict(Area.Kind.choices)
    address = reverse("households:proposal", args=[place.code])
    context = {
        "place": place, "found": found, "form": form, "remarks": remarks, "level": level,
        "levels": [(f"{address}?level={one}", labels[one], one == level) for one in levels],
        "homes_url": reverse("households:list", query={"area": place.code}),
        "points_form": PointsForm(auto_id="id_points_%s"),
        "legend": [("new", _("proposed, none in force yet")), ("changed", _("proposed, another one is in force"))],
        "drawn": {"features": features, "spots": showing.spots(remarks)},
    }  # fmt: skip
    return render(request, "households/proposal.html", context, status=422 if form.errors else 200)
