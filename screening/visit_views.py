"""Pages of visits: the round of the week, recording one, one visit with correcting and withdrawing, the reception, the
town's plan."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from grids import access
from grids.choosing import area_of_list
from grids.models import Area
from households.models import Household
from screening import reporting, visit_plan, visit_round, visiting
from screening.models import Visit
from screening.visit_forms import PlanForm, ReceptionForm, VisitForm, WithdrawForm, homes_of, initial_of
from screening.visit_lists import SENSITIVE

REFUSALS = (visiting.VisitRefused, reporting.ReportRefused)


@require_safe
def visit_round_page(request):
    """The member's and worker's page: whom to visit this week, in the order of a walk."""
    area = area_of_list(request.user, "visit.record", request.GET.get("area", ""))
    found = visit_round.of_person(request.user, area, request.GET.get("start", ""))
    shown = {"round": found, "area": area, "new_id": uuid.uuid4, "today": clock.today()}
    return render(request, "screening/round.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request):
    """One visit: at the household the address names, or at one chosen from the list of the place."""
    household = _household(request) if request.GET.get("household") else None
    area = household.area if household else area_of_list(request.user, "visit.record", request.GET.get("area", ""))
    homes = [household] if household else homes_of(request.user, area)
    first = {"client_id": uuid.uuid4(), "day": clock.today()}
    form = VisitForm(request.POST or None, town_id=area.town_id, homes=homes, initial=first)
    if form.is_valid():
        done = _try(
            form, visiting.record, by=request.user, client_id=form.cleaned_data["client_id"],
            day=form.cleaned_data["day"], household=form.cleaned_data["household"], **form.said(),
        )  # fmt: skip
        if done:
            _tell(request, done)
            return redirect("screening:round")
    return _form_page(request, form, household=household, area=area)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request):
    """What one resident brought to the open reception."""
    area = area_of_list(request.user, "reception.record", request.GET.get("area", ""))
    first = {"client_id": uuid.uuid4(), "day": clock.today()}
    form = ReceptionForm(request.POST or None, user=request.user, area=area, initial=first)
    if form.is_valid():
        done = _try(
            form, visiting.record, by=request.user, client_id=form.cleaned_data["client_id"],
            day=form.cleaned_data["day"], area=form.places[form.cleaned_data["place"]], **form.said(),
        )  # fmt: skip
        if done:
            _tell(request, done)
            return redirect(f"{reverse('screening:visits')}?kind=reception")
    return _form_page(request, form, area=area, reception=True)


@require_safe
def visit(request, pk):
    """One visit: what was said, what became of it, correcting and withdrawing."""
    return _visit_page(request, _visit(request.user, pk), WithdrawForm())


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    row = _visit(request.user, pk)
    if row.by_id != request.user.pk:
        raise PermissionDenied("visit.record")
    visiting.require_recorder(request.user, row.household, row.area)
    first = initial_of(row) | {"client_id": uuid.uuid4()}
    form = _form_for(row, request.POST or None, first, request.user)
    form.fields["day"].disabled = True
    if form.is_valid():
        done = _try(
            form, visiting.correct,
            by=request.user, visit=row, client_id=form.cleaned_data["client_id"], **form.said(),
        )  # fmt: skip
        if done:
            _tell(request, done)
            return redirect("screening:visit", done.visit.pk)
    return _form_page(request, form, household=row.household, area=row.area, corrected=row)


def _form_for(row, said, first, user):
    if row.kind == Visit.Kind.RECEPTION:
        form = ReceptionForm(said, user=user, area=row.area, initial=first | {"place": row.area.code})
        form.fields["place"].disabled = True
        return form
    return VisitForm(said, town_id=row.town_id, homes=[row.household], initial=first)


@require_POST
def withdraw(request, pk):
    row = _visit(request.user, pk)
    if row.by_id != request.user.pk:
        access.require(request.user, "visit.withdraw", row)
    form = WithdrawForm(request.POST)
    if form.is_valid() and _try(form, visiting.withdraw, by=request.user, visit=row, **form.cleaned_data):
        messages.success(request, _("The visit is withdrawn."))
        return redirect("screening:visit", pk)
    return _visit_page(request, row, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, code):
    """How often a town visits, and its own words."""
    town = access.fetch(Area.objects.filter(kind=Area.Kind.TOWN), request.user, "visit.plan", code=code)
    rule, words = visit_plan.rule_of(town.pk, clock.today()), visit_plan.words_of(town.pk)
    first = {"every": rule.every if rule else "none", "brought": "\n".join(words.brought),
             "occasions": "\n".join(words.occasions)}  # fmt: skip
    form = PlanForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            visit_plan.set_words(
                town=town, brought=form.lines("brought"), occasions=form.lines("occasions"), by=request.user
            )
            visit_plan.set_rule(town=town, every=form.cleaned_data["every"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("Saved. What was due before today stays as it was."))
            return redirect("screening:visit_plan", code)
    return render(
        request, "screening/visit_plan.html", {"form": form, "town": town}, status=422 if form.errors else 200
    )


def _household(request):
    homes = Household.objects.select_related("area", "village")
    return access.fetch(homes, request.user, "visit.record", code=request.GET["household"])


def _visit(user, pk):
    rows = Visit.objects.select_related(
        "area", "village", "town", "household__area", "by", "finding__case", "finding__report", "withdrawn_by"
    ).annotate(sensitive=SENSITIVE)
    return access.fetch(rows, user, "visit.view", pk=pk)


def _try(form, verb, **said):
    """Calls the verb; what it refuses is written on the form. Returns what was done, or None."""
    try:
        return verb(**said)
    except REFUSALS as refused:
        form.add_error(None, str(refused))
    except ValidationError as refused:
        form.add_error(None, refused.messages)
    return None


def _form_page(request, form, *, area, household=None, reception=False, corrected=None):
    shown = {
        "form": form, "area": area, "household": household, "corrected": corrected,
        "reception": reception or bool(corrected and corrected.kind == Visit.Kind.RECEPTION),
        "back": reverse("screening:visit", args=[corrected.pk]) if corrected else _back(request.user, reception),
    }  # fmt: skip
    return render(request, "screening/visit_form.html", shown, status=422 if form.is_bound else 200)


def _back(user, reception):
    return reverse("screening:visits") if reception else reverse("screening:round")


def _visit_page(request, row, form, status=200):
    own = row.by_id == request.user.pk
    stands = row.withdrawn_at is None
    newer = get_object_or_404(Visit.objects.filter(corrects=row.pk)) if _is_corrected(row) else None
    shown = {
        "visit": row, "form": form, "newer": newer, "may_correct": stands and own,
        "may_withdraw": stands and (own or access.may(request.user, "visit.withdraw", row.area_path)),
        "present": [Visit.Present(code).label for code in row.present],
    }  # fmt: skip
    return render(request, "screening/visit.html", shown, status=status)


def _is_corrected(row):
    return row.withdrawn_at is not None and Visit.objects.filter(corrects=row.pk).exists()


def _tell(request, done):
    """Says what the server did: its own receipt, never the phone's opinion."""
    if done.status == visiting.CONFLICT:
        messages.warning(
            request, _("This form was received before with other content. Both are kept; the first one stands.")
        )
        return
    moment = done.visit.received_at.astimezone(clock.SHANGHAI)
    messages.success(request, _("The visit was received at %(time)s.") % {"time": formats.date_format(moment, "H:i")})
