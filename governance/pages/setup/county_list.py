"""A county's list of divisions brought on screen: uploaded, its differences looked at, taken over."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import held
from governance.pages.setup.forms import ListForm
from grids import access, divisions
from grids.models import Area

PURPOSE, WAITS = "divisions", dt.timedelta(hours=1)
SHOWN = 50  # differences of a kind


def counties_of(user) -> list[Area]:
    """The counties whose towns somebody may set up."""
    counties = Area.objects.filter(kind=Area.Kind.COUNTY, ended_on=None)
    return list(access.restrict(counties, user, "area.change", path="path").order_by("code"))


def _own(request):
    counties = counties_of(request.user)
    if not counties:
        raise PermissionDenied("area.change")
    return counties


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    """The form; a file that can be read waits for an hour and is shown."""
    counties = _own(request)
    form = ListForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            divisions.refuse_foreign(divisions.read(file), counties)
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            file.seek(0)
            row = held.keep(owner=request.user, purpose=PURPOSE, name=file.name, content=file.read(), lasts=WAITS)
            return redirect("set_up_list_preview", row.sealing_id)
    context = {"form": form, "counties": counties}
    return render(request, "governance/setup/list.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, held_id):
    """What the list says otherwise than what is known; POST takes it over."""
    counties = _own(request)
    row = held.fetch(owner=request.user, purpose=PURPOSE, sealing_id=held_id)
    rows = divisions.read(held.opened(row))
    if request.method == "POST":
        found = divisions.bring(rows=rows, counties=counties, by=request.user)
        row.delete()
        messages.success(request, _("The list was taken over: %(n)s new divisions.") % {"n": len(found.new)})
        return redirect("set_up")
    found = divisions.compare(rows)
    kinds = [
        (_("new in the list"), found.new), (_("renamed"), found.renamed), (_("moved"), found.moved),
        (_("gone from the list"), found.gone),
    ]  # fmt: skip
    told = [(label, len(changes), sorted(changes)[:SHOWN]) for label, changes in kinds if changes]
    return render(request, "governance/setup/list_preview.html", {"file": row.name, "told": told, "shown": SHOWN})
