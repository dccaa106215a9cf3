"""Pages of the import of people: upload, preview, taking over, slips for those who are new."""

import datetime as dt
import io

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import held
from common import clock, reading, spreadsheets
from governance.pages.people.forms import homes
from governance.pages.people.views import SLIPS_AT_ONCE
from grids import access, people_lists
from grids.models import Area
from grids.people_import import Plan, What, take_over
from grids.people_lists import COLUMNS

WAITS = dt.timedelta(hours=1)
SHOWN = 300  # rows of the preview
TONES = {
    What.NEW: (gettext_lazy("new person"), "good"),
    What.POST: (gettext_lazy("further post"), "good"),
    What.CHANGED: (gettext_lazy("changed"), "warn"),
    What.SAME: (gettext_lazy("unchanged"), "calm"),
}


class UploadForm(forms.Form):
    """A table, and the town it is about."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("Town"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("An .xlsx, .xls or .csv file with one row for each post."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = _towns(user)


def _towns(user):
    return homes(user).filter(kind=Area.Kind.TOWN)


def _allow(user):
    for action in ("person.change", "post.change"):
        if not access.may_somewhere(user, action):
            raise PermissionDenied(action)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    _allow(request.user)
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading.read(file, COLUMNS)
        except reading.Unreadable as refused:
            form.add_error("file", refused)
        else:
            file.seek(0)
            town = form.cleaned_data["area"]
            row = held.keep(
                owner=request.user, purpose=_purpose(town), name=file.name, content=file.read(), lasts=WAITS
            )
            return redirect(f"{_address(row)}?area={town.code}")
    shown = {"form": form, "towns": _towns(request.user).select_related("profile")}
    return render(request, "governance/people/import.html", shown, status=422 if form.is_bound else 200)


def _purpose(town):
    return f"people_import {town.code}"


def _address(row):
    return reverse("people:import_preview", args=[row.sealing_id])


def _held(request, held_id):
    """(the file that waits, its table, the town)"""
    _allow(request.user)
    town = access.fetch(Area.objects, request.user, "person.change", code=request.GET.get("area", ""))
    row = held.fetch(owner=request.user, purpose=_purpose(town), sealing_id=held_id)
    return row, reading.read(io.BytesIO(held.opened(row)), COLUMNS), town


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, held_id):
    """What taking the table over would do, row by row; posting does it."""
    row, table, town = _held(request, held_id)
    if request.method == "POST":
        try:
            new = take_over(table=table, town=town, by=request.user)
        except ValidationError:
            pass  # somebody changed something meanwhile: the preview says what
        else:
            row.delete()
            shown = {"new": new[:SLIPS_AT_ONCE], "count": len(new), "rows": len(table.lines), "most": SLIPS_AT_ONCE}
            return render(request, "governance/people/import_done.html", shown)
        _row, table, town = _held(request, held_id)
    plan = Plan(table, town)
    told = [(entry, *TONES[entry.what]) for entry in plan.entries if entry.what != What.SAME]
    shown = {
        "town": town, "file": row, "told": told[:SHOWN], "more": max(len(told) - SHOWN, 0), "table": table,
        "new_people": plan.new_people, "changed": plan.count(What.CHANGED), "same": plan.count(What.SAME),
        "posts": plan.count(What.NEW) + plan.count(What.POST), "problems": table.in_order, "plan": plan,
    }  # fmt: skip
    return render(request, "governance/people/import_preview.html", shown, status=422 if table.problems else 200)


@never_cache
@require_safe
def marked(request, held_id):
    _row, table, town = _held(request, held_id)
    Plan(table, town)
    return spreadsheets.answer(request, f"people-errors-{clock.today():%Y%m%d}", [reading.marked(table)])


@require_safe
def template(request):
    """A table to be filled in: the vacant posts of ?area=, without it of the first town the person may import for."""
    _allow(request.user)
    code = request.GET.get("area") or getattr(_towns(request.user).first(), "code", "")
    town = access.fetch(Area.objects.filter(kind=Area.Kind.TOWN), request.user, "person.change", code=code)
    return spreadsheets.answer(request, f"people-{town.code}", people_lists.template(town))
