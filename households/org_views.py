"""Pages of the tree of party organisations."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.fields import subtree
from grids import access
from grids.choosing import area_of_list
from households import chains, organisations
from households.models import PartyMember, PartyOrg
from households.party_forms import OrgForm, RenameForm

ACTION = "party.view"


@require_http_methods(["GET", "HEAD", "POST"])
def tree(request):
    """The organisations of a place, with their members; founding one."""
    area = area_of_list(request.user, ACTION, request.GET.get("area", ""))
    town = area.town or area
    may_change = access.may_somewhere(request.user, "party.change")
    if request.method == "POST":
        access.require(request.user, "party.change", area)
    form = OrgForm(request.POST or None, user=request.user, town=town) if may_change else None
    if form is not None and form.is_valid():
        try:
            made = organisations.found(by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("%(name)s is entered.") % {"name": made.name})
            return redirect("party:org", made.pk)
    shown = {"area": area, "lines": _lines(area, chains.rule_of(town.pk)), "form": form, "town": town}
    return render(request, "households/orgs.html", shown, status=422 if form is not None and form.errors else 200)


def _lines(area, rule):
    """(organisation, depth, the town's word for its level), the highest first, each above those below it."""
    present = Q(members__until_day__isnull=True) | Q(members__until_day__gt=clock.today())
    there = PartyOrg.objects.filter(subtree(area.path, "area__path"), ended_on=None).select_related("area")
    there = list(there.annotate(size=Count("members", filter=present)).order_by("area__path", "pk"))
    known, below = {org.pk for org in there}, {}
    for org in there:
        below.setdefault(org.parent_id if org.parent_id in known else None, []).append(org)
    words, lines = dict(chains.levels(rule)), []
    todo = [(org, 0) for org in reversed(below.get(None, []))]
    while todo:
        org, depth = todo.pop()
        lines.append((org, depth, words.get(org.level, org.get_level_display())))
        todo += [(one, depth + 1) for one in reversed(below.get(org.pk, []))]
    return lines


@require_http_methods(["GET", "HEAD", "POST"])
def org(request, pk):
    """One organisation: its place in the tree, renaming it."""
    shown = access.fetch(PartyOrg.objects.select_related("area", "parent"), request.user, ACTION, pk=pk)
    may_change = access.may(request.user, "party.change", shown.area_path)
    if request.method == "POST":
        access.require(request.user, "party.change", shown)
    form = RenameForm(request.POST or None, initial={"name": shown.name}) if may_change else None
    if form is not None and form.is_valid():
        organisations.rename(org=shown, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("party:org", pk)
    members = PartyMember.objects.present(clock.today()).visible_to(request.user, ACTION)
    members = members.filter(subtree(shown.area_path, "area_path"), org__in=organisations.with_below(shown))
    listed = {"area": shown.area.code, "org": shown.pk}
    children = PartyOrg.objects.visible_to(request.user, ACTION).filter(parent=shown, ended_on=None)
    context = {"org": shown, "form": form, "children": children.order_by("area__path", "pk"),
               "size": members.count(), "members_url": f"{reverse('party:members')}?{urlencode(listed)}"}  # fmt: skip
    return render(request, "households/org.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
def end(request, pk):
    shown = access.fetch(PartyOrg.objects.select_related("area"), request.user, "party.change", pk=pk)
    try:
        organisations.end(org=shown, by=request.user)
        messages.success(request, _("%(name)s has ended.") % {"name": shown.name})
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("party:org", pk)
