"""Pages of the import of party members: upload, preview, taking over."""

import datetime as dt
import io

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import held
from common import clock, reading, spreadsheets
from grids import access
from grids.choosing import area_of_list
from households.member_import import COLUMNS, Plan, What, take_over

ACTION = "party.change"
WAITS = dt.timedelta(hours=1)
PURPOSE = "members_import"
SHOWN = 300  # rows of the preview
TONES = {
    What.NEW: (gettext_lazy("new member"), "good"),
    What.CHANGED: (gettext_lazy("changed"), "warn"),
    What.SAME: (gettext_lazy("unchanged"), "calm"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("An .xlsx, .xls or .csv file with one row for each member."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )


def _town(user):
    """The town of one's first place."""
    if not access.may_somewhere(user, ACTION):
        raise PermissionDenied(ACTION)
    area = area_of_list(user, ACTION)
    return area.town or area


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    town = _town(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading.read(file, COLUMNS)
        except reading.Unreadable as refused:
            form.add_error("file", refused)
        else:
            file.seek(0)
            row = held.keep(owner=request.user, purpose=PURPOSE, name=file.name, content=file.read(), lasts=WAITS)
            return redirect("party:import_preview", row.sealing_id)
    shown = {"form": form, "town": town}
    return render(request, "households/member_import.html", shown, status=422 if form.is_bound else 200)


def _held(request, held_id):
    row = held.fetch(owner=request.user, purpose=PURPOSE, sealing_id=held_id)
    return row, reading.read(io.BytesIO(held.opened(row)), COLUMNS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, held_id):
    """What taking the table over would do, row by row; posting does it."""
    town = _town(request.user)
    row, table = _held(request, held_id)
    wrong = []
    if request.method == "POST":
        try:
            count = take_over(table=table, town=town, by=request.user)
        except ValidationError as refused:
            wrong = refused.messages  # or somebody changed something meanwhile: the preview says what
            row, table = _held(request, held_id)
        else:
            row.delete()
            messages.success(request, _("Taken over: %(n)s rows.") % {"n": count})
            return redirect(f"{reverse('party:members')}?area={town.code}")
    plan = Plan(table, town, request.user)
    told = [(entry, *TONES[entry.what]) for entry in plan.entries if entry.what != What.SAME]
    shown = {
        "town": town, "file": row, "told": told[:SHOWN], "problems": table.in_order, "wrong": wrong, "table": table,
        "new": plan.count(What.NEW), "changed": plan.count(What.CHANGED), "same": plan.count(What.SAME),
        "more": max(len(told) - SHOWN, 0),
    }  # fmt: skip
    bad = bool(table.problems or wrong)
    return render(request, "households/member_import_preview.html", shown, status=422 if bad else 200)


@never_cache
@require_safe
def marked(request, held_id):
    town = _town(request.user)
    _row, table = _held(request, held_id)
    Plan(table, town, request.user)
    return spreadsheets.answer(request, f"members-errors-{clock.today():%Y%m%d}", [reading.marked(table)])


@require_safe
def template(request):
    """An empty table with the heads, to be filled in."""
    _town(request.user)
    notes = [_("One row for each member. Name and organisation must be filled in; the rest may stay empty.")]
    sheet = spreadsheets.Sheet(_("Party members"), [str(column.label) for column in COLUMNS], [], notes=notes)
    return spreadsheets.answer(request, "members-template", [sheet])
