"""Pages of boundaries: one area's with its history, drawing it, taking it out of force; where a point lies."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from grids import access, locating
from grids.models import Area, Boundary
from grids.outlines import datums, drawing, rules, shapes, showing
from grids.outlines.forms import DrawForm, EndForm, WhereForm

WITH_TREE = ["county", "town__profile", "village", "grid", "parent"]
LABELS = dict(datums.CHOICES)
LEGEND = [
    ("own", _lazy("this boundary")), ("draft", _lazy("new, not saved")), ("above", _lazy("the place it lies in")),
    ("beside", _lazy("neighbouring places")), ("below", _lazy("its parts")),
]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def boundary(request, code):
    """An area's boundary: everybody who sees the area sees it, who may change places draws it."""
    place = fetch(request.user, code)
    if request.method != "POST":
        return _shown(request, place)
    access.require(request.user, "area.change", place)
    form = DrawForm(request.POST, request.FILES, area=place)
    if not form.is_valid():
        return _shown(request, place, form)
    try:
        rows = drawing.draw(
            drawings=[form.drawing], on=form.cleaned_data["from_day"], by=request.user, origin=form.origin
        )  # fmt: skip
    except drawing.OutlineRefused as refused:
        return _shown(request, place, form, refused.remarks[place])
    _tell(request, place, rows)
    return redirect("grids:boundary", place.code)


@require_POST
def end(request, code):
    place = fetch(request.user, code)
    access.require(request.user, "area.change", place)
    form = EndForm(request.POST, auto_id="id_end_%s")
    if form.is_valid():
        try:
            drawing.erase(
                area=place, on=form.cleaned_data["on"], by=request.user, reason=form.cleaned_data["why"]
            )  # fmt: skip
        except ValidationError as wrong:
            form.add_error("on", wrong)
        else:
            messages.success(request, _("The boundary of %(area)s is out of force.") % {"area": place})
            return redirect("grids:boundary", place.code)
    return _shown(request, place, end_form=form)


@require_safe
def where(request):
    """In which of the person's places a point lies; nothing is kept of the question."""
    form = WhereForm(request.GET if "point" in request.GET else None)
    context = {"form": form}
    if form.is_valid():
        point = form.asked()
        found = _places_at(request.user, point)
        rows = Boundary.objects.filter(area__in=found, until_day=None).select_related("area")
        drawn = [one for row in rows for one in showing.own(row, "own" if row.area == found[-1] else "above")]
        spot = {"at": list(point), "text": str(found[-1] if found else _("here")), "tone": "calm"}
        context |= {"found": found, "point": point, "drawn": {"features": drawn, "spots": [spot]}}
    return render(request, "grids/where.html", context)


def _places_at(user, point):
    """The areas that hold a point, from the county down, as far as the person may see them."""
    index, today = locating.current(), clock.today()
    pks = [index.find(*point, on=today, level=level) for level in locating.LEVELS]
    visible = Area.objects.open_on(today).visible_to(user)
    return list(visible.filter(pk__in=[pk for pk in pks if pk is not None]).order_by("path"))


def fetch(user, code):
    return access.fetch(Area.objects.select_related(*WITH_TREE), user, "area.view", code=code)


def _tell(request, place, rows):
    """What came of it, and what of the place above lies in nobody's part now."""
    if not rows:
        messages.success(request, _("This boundary is in force already. Nothing was changed."))
        return
    text = _("The boundary of %(area)s is in force from %(day)s.")
    messages.success(request, text % {"area": place, "day": rows[0].from_day.isoformat()})
    if place.parent and (left := rules.gap(place.parent, rows[0].from_day)):
        messages.warning(request, left.text)


def _shown(request, place, form=None, remarks=(), end_form=None):
    """The page; with a form that was refused it answers 422, its text kept and its outline on the map."""
    today = clock.today()
    rows = list(Boundary.objects.filter(area=place).select_related("by", "area").order_by("-from_day"))
    row = _chosen(rows, request.GET.get("version"), today)
    may_change = access.may(request.user, "area.change", place.path) and place.ended_on is None
    if may_change:
        form = _with_question(form, remarks) or DrawForm(area=place)
        end_form = end_form or EndForm(auto_id="id_end_%s")
    features = showing.around(place, request.user, row.from_day if row and row.until_day else today)
    features += showing.own(row) + _draft(form)
    context = {
        "place": place, "row": row, "rows": rows, "today": today, "may_change": may_change, "form": form,
        "end_form": end_form, "remarks": remarks, "legend": LEGEND, "size": row and showing.size(row),
        "datum": row and LABELS.get(row.datum, row.datum),
        "drawn": {"features": features, "spots": showing.spots(remarks)},
    }  # fmt: skip
    refused = (form is not None and form.is_bound) or (end_form is not None and end_form.is_bound)
    return render(request, "grids/boundary.html", context, status=422 if refused else 200)


def _chosen(rows, version, today):
    """The outline asked for by its number, else the one in force, else the next to come."""
    if version and (found := [row for row in rows if str(row.pk) == version]):
        return found[0]
    in_force = [row for row in rows if row.from_day <= today and (row.until_day is None or row.until_day > today)]
    coming = [row for row in rows if row.from_day > today]
    return next(iter(in_force or coming[-1:]), None)


def _with_question(form, remarks):
    """Where only warnings stand against it, the form asks for the reason."""
    if remarks and all(one.level != shapes.ERROR for one in remarks):
        form.add_error("reason", _("If it shall stand all the same, say why, and save again."))
    return form


def _draft(form):
    """The refused outline, as far as it is one, so that it can be mended on the map."""
    if form is None or form.drawing is None:
        return []
    shape, _remarks = shapes.made(form.drawing.polygons, form.origin.datum)
    if shape is not None:
        return [showing.feature(shape, "draft")]
    return [_crooked(form.drawing.polygons)] if form.origin.datum == datums.WGS84 else []


def _crooked(polygons):
    """Drawn as it came: what crosses itself can still be looked at."""
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    said = {"role": "draft", "name": "", "url": "", "state": ""}
    return {"type": "Feature", "geometry": geometry, "properties": said}
