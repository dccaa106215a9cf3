"""Pages of importing boundaries: sending a file, looking at what it would do, putting it in force."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grids import access
from grids.models import BoundaryImport
from grids.outlines import datums, drawing, importing, showing
from grids.outlines.files import FileRefused
from grids.outlines.forms import ConfirmForm, SentForm
from grids.outlines.views import fetch

LABELS = dict(datums.CHOICES)
LEGEND = [(state, importing.STATES[state]) for state in (importing.NEW, importing.CHANGED, importing.SAME)]


@require_http_methods(["GET", "HEAD", "POST"])
def send(request, code):
    """A file with outlines of places in an area."""
    place = fetch(request.user, code)
    access.require(request.user, "area.change", place)
    form = SentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = importing.take_in(
                area=place, upload=said["file"], datum=said["datum"], surveyed=said["surveyed"],
                from_day=said["from_day"], by=request.user,
            )  # fmt: skip
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("grids:boundary_preview", place.code, row.pk)
    context = {"place": place, "form": form}
    return render(request, "grids/boundary_import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, code, pk):
    """What an import would change, and the button that does it."""
    place = fetch(request.user, code)
    access.require(request.user, "area.change", place)
    row = get_object_or_404(BoundaryImport.objects.select_related("area"), area=place, pk=pk)
    form, found = ConfirmForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            rows = importing.apply(row=row, reason=form.cleaned_data["reason"], by=request.user)
        except drawing.OutlineRefused as refused:
            found = getattr(refused, "preview", None)  # comparing outlines is work: not done twice
            form.add_error(
                "reason", _("Nothing was saved. Say why the outlines stand, or mend the file and send it again.")
            )
        else:
            messages.success(request, _told(row, rows))
            return redirect("grids:boundary", place.code)
    return _shown(request, place, row, form, found or importing.Preview(row, request.user))


def _told(row, rows):
    if not rows:
        return _("Nothing was changed: all of this is in force already.")
    return _("%(count)s boundaries are in force from %(day)s.") % {
        "count": len(rows), "day": row.from_day.isoformat(),
    }  # fmt: skip


def _shown(request, place, row, form, found):
    drawn = [line for line in found.lines if line.shape is not None]
    shapes = showing.coarse([line.shape for line in drawn])
    features = [
        showing.feature(shape, "line", name=line.area.name, state=line.state)
        for line, shape in zip(drawn, shapes, strict=True)
    ]
    spots = showing.spots([one for line in found.lines for one in line.remarks])
    context = {
        "place": place, "row": row, "preview": found, "form": form, "datum": LABELS.get(row.datum, row.datum),
        "legend": LEGEND, "drawn": {"features": features, "spots": spots},
    }  # fmt: skip
    return render(request, "grids/boundary_preview.html", context, status=422 if form.errors else 200)
