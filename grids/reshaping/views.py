"""Pages of acts on the tree: choose, fill in, look at what it touches, confirm; planned and past acts of a place."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids import access, changes
from grids.models import Area, AreaAct
from grids.reshaping import ground, outlining, planning, preview, reversing, wording
from grids.reshaping.forms import FORMS, kinds_for, refuse


@require_safe
def acts(request, code):
    """What can be done with a place, what is planned for its town and what was done, with the ways back."""
    area = _fetch(request.user, code)
    town = area.town or area
    told = wording.with_reasons(wording.of_town(town) if area == town else wording.of_place(area, 100))
    planned = [one for one in told if one.act.state in ("planned", "failed")]
    past = [one for one in told if one not in planned]
    context = {"place": area, "kinds": menu(area), "planned": planned[::-1], "past": past}
    context["undrawn"] = [
        (one, changes.proposal_of(request.user, one.parent, one.kind)) for one in outlining.undrawn(past)
    ]
    return render(request, "grids/changes.html", context)


def menu(area) -> list[tuple[str, str]]:
    """(kind, label) of the acts a place offers."""
    return [(kind, AreaAct.Kind(kind).label) for kind in kinds_for(area)]


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, code, kind):
    """One act: its form, then what it touches, then done. Each step carries everything that was typed."""
    if before := _sent_before(request):
        return before
    area = _fetch(request.user, code)
    if kind not in kinds_for(area):
        raise Http404
    form = FORMS[kind](request.POST or None, area=area)
    if form.is_valid() and "edit" not in request.POST:
        try:
            if "confirm" in request.POST:
                return _taken(request, area, kind, form)
            act = planning.look(kind, form.terms(), form.cleaned_data["on"], by=request.user)
            return _page(request, area, kind, form, shown=preview.of(act), sent=_sent(request.POST))
        except ValidationError as wrong:
            refuse(form, wrong)
    return _page(request, area, kind, form, status=422 if form.is_bound and form.errors else 200)


def _sent_before(request):
    """The way on for a form that came in before: its place may have another code by now, or have ended."""
    try:
        client_id = uuid.UUID(request.POST.get("client_id", ""))
    except ValueError:
        return None
    act = AreaAct.objects.filter(client_id=client_id, by=request.user).first()
    changed = Area.objects.filter(pk__in=act.areas).order_by("path").first() if act else None
    return redirect("grids:changes", (changed or act.town).code) if act else None


def _taken(request, area, kind, form):
    asked = form.cleaned_data
    act = planning.take(
        kind, form.terms(), asked["on"], by=request.user, reason=form.reason, client_id=asked["client_id"]
    )
    if act.state == AreaAct.State.PLANNED:
        messages.success(
            request, _("Planned for %(day)s. Until then it can be withdrawn.") % {"day": act.on.isoformat()}
        )
    else:
        messages.success(request, _("Done: %(act)s.") % {"act": act.get_kind_display()})
    there = Area.objects.only("code").get(pk=area.pk)  # its code may be another now
    return redirect("grids:changes", there.code)


def _page(request, area, kind, form, status=200, **more):
    template = "grids/change_preview.html" if more else "grids/change.html"
    context = {"place": area, "kind": kind, "label": AreaAct.Kind(kind).label, "form": form} | more
    return render(request, template, context, status=status)


def _sent(said):
    """What was typed, to be carried along hidden."""
    names = [name for name in said if name not in ("csrfmiddlewaretoken", "confirm", "edit")]
    return [(name, value) for name in names for value in said.getlist(name)]


@require_POST
def withdraw(request, code, pk):
    area, act = _fetch_act(request.user, code, pk)
    return _answered(request, area, lambda: planning.withdraw(act=act, by=request.user), _("The act is withdrawn."))


@require_POST
def reverse(request, code, pk):
    area, act = _fetch_act(request.user, code, pk)
    return _answered(request, area, lambda: reversing.reverse(act=act, by=request.user), _("The act is taken back."))


def _answered(request, area, call, done):
    try:
        call()
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, done)
    return redirect("grids:changes", Area.objects.only("code").get(pk=area.pk).code)


def _fetch(user, code):
    return access.fetch(Area.objects.select_related(*ground.WITH_TREE), user, "area.change", code=code)


def _fetch_act(user, code, pk):
    area = _fetch(user, code)
    act = get_object_or_404(AreaAct.objects.select_related("town"), pk=pk, town=area.town_id or area.pk)
    access.require(user, "area.change", act.town)
    return area, act
