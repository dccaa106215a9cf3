"""Pages of teams, and the public notice of a grid."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.fields import on_day, subtree
from grids import access, former, holders, notices, people, teams
from grids.models import Area, Team, TownProfile
from grids.post_forms import PersonField, day_field
from grids.roles import GRIDS

SHEETS = 300  # notices printed at once


class TeamForm(forms.ModelForm):
    """A new team."""

    from_day = day_field(gettext_lazy("Begins on"))

    class Meta:
        model = Team
        fields = ["kind", "name", "base", "from_day"]


class MemberForm(forms.Form):
    """Somebody joins: a person known already, or a new one by name. Membership gives no right."""

    person = PersonField(gettext_lazy("Person"), required=False, widget=forms.RadioSelect, empty_label=None)
    new_name = forms.CharField(label=gettext_lazy("Or a new person: name"), required=False, max_length=60)
    leads = forms.BooleanField(label=gettext_lazy("leads the team"), required=False)
    from_day = day_field(gettext_lazy("Begins on"))

    def __init__(self, *args, by, team, text="", **kwargs):
        super().__init__(*args, initial={"from_day": clock.today()}, **kwargs)
        chosen = self.data.get("person", "")
        self.fields["person"].queryset = holders.offered(by, "team.change", near=team.area, text=text, chosen=chosen)
        self.by, self.area = by, team.area
        if not access.may(by, "person.change", team.area.path):
            del self.fields["new_name"]

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("person")) == bool(cleaned.get("new_name")) and "person" not in self.errors:
            self.add_error("person", _("Choose one person, or name a new one."))
        return cleaned

    def asked(self) -> dict:
        said = dict(self.cleaned_data)
        name, person = said.pop("new_name", ""), said.pop("person")
        return said | {"user": person or people.admit(name=name, area=self.area.town or self.area, by=self.by)}


@require_http_methods(["GET", "HEAD", "POST"])
def register(request, code):
    """The teams of a place and below, and founding one."""
    place = access.fetch(Area.objects.select_related("village", "town"), request.user, "team.view", code=code)
    may_change = access.may(request.user, "team.change", place.path)
    form = TeamForm(request.POST or None, initial={"from_day": clock.today()})
    if request.method == "POST":
        access.require(request.user, "team.change", place)
        if form.is_valid():
            try:
                team = teams.found(area=place, by=request.user, **form.cleaned_data)
            except ValidationError as wrong:
                form.add_error(None, wrong)
            else:
                messages.success(request, _("Team “%(name)s” is entered.") % {"name": team.name})
                return redirect("grids:team", team.pk)
    belongs = on_day(clock.today(), "members__from_day", "members__until_day")
    rows = Team.objects.filter(subtree(place.path, "area__path"), on_day(clock.today())).select_related("area")
    rows = rows.annotate(size=Count("members", filter=belongs)).order_by("kind", "area__path", "name")
    context = {"place": place, "teams": rows, "form": form, "may_change": may_change}
    return render(request, "grids/teams.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request, pk):
    """One team: who belongs to it; somebody joins."""
    shown = _team(request.user, pk)
    text = request.GET.get("q", "").strip()[:60]
    may_change = access.may(request.user, "team.change", shown.area.path) and shown.until_day is None
    if request.method == "POST":
        access.require(request.user, "team.change", shown.area)
    form = MemberForm(request.POST or None, by=request.user, team=shown, text=text) if may_change else None
    if form is not None and form.is_valid():
        try:
            member = teams.add(team=shown, by=request.user, **form.asked())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("%(user)s belongs to the team.") % {"user": member.user})
            return redirect("grids:team", shown.pk)
    members = shown.members.select_related("user").order_by("-leads", "from_day", "user__name")
    now = members.filter(on_day(clock.today()) | Q(from_day__gt=clock.today()))
    return render(
        request,
        "grids/team.html",
        {"team": shown, "form": form, "text": text, "members": now, "may_change": may_change,
         "former": members.filter(until_day__lte=clock.today())},
        status=422 if form is not None and form.is_bound else 200,
    )  # fmt: skip


@require_POST
def leave(request, pk, member):
    """A member leaves from today on."""
    shown = _team(request.user, pk)
    access.require(request.user, "team.change", shown.area)
    gone = get_object_or_404(shown.members.select_related("team", "user"), pk=member)
    try:
        teams.leave(member=gone, on=clock.today(), by=request.user)
        messages.success(request, _("%(user)s has left the team.") % {"user": gone.user})
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("grids:team", shown.pk)


@require_POST
def end(request, pk):
    """The team ends today."""
    shown = _team(request.user, pk)
    access.require(request.user, "team.change", shown.area)
    try:
        teams.end(team=shown, on=clock.today(), by=request.user)
        messages.success(request, _("The team is dissolved."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("grids:teams", shown.area.code)


@login_not_required
@require_safe
def notice(request, code):
    """The notice of a grid, for anybody: exactly what hangs at the wall. Search engines are asked to stay away."""
    shown = notices.of_grid(code)
    if shown is None:
        return _instead(request, code)
    address = request.build_absolute_uri(reverse("grids:notice", args=[code]))
    context = {"notice": shown, "address": address, "code": notices.code_of(address)}
    return _public(request, "grids/notice.html", context, shown.is_demo)


@require_safe
def all_notices(request, code):
    """The notices of every grid at a place and below, to be printed in one go; and who has no phone on them."""
    place = access.fetch(Area.objects, request.user, "post.view", code=code)
    sheets = []
    for grid_code in notices.grids_of(place)[:SHEETS]:
        address = request.build_absolute_uri(reverse("grids:notice", args=[grid_code]))
        sheets.append((notices.of_grid(grid_code), address, notices.code_of(address)))
    without = [post for sheet, *_more in sheets for post in sheet.workers if not post.public_phone]
    return render(request, "grids/notices.html", {"place": place, "sheets": sheets, "without_phone": without})


def _public(request, template, context, is_demo):
    """A page for everybody that no search engine keeps."""
    if is_demo:
        context["demo_note"] = _("Demo data: all people and cases are invented")
    answer = render(request, template, context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _instead(request, code):
    """Of a grid that was merged or split the old notice names the grids that took its place."""
    ended = Area.objects.filter(code=code, kind__in=GRIDS, ended_on__lte=clock.today()).first()
    grids = [grid for grid in former.standing_heirs(ended) if grid.kind in GRIDS] if ended else []
    if not grids:
        raise Http404
    is_demo = TownProfile.objects.filter(town=ended.town_id, is_demo=True).exists()
    return _public(request, "grids/notice_ended.html", {"ended": ended, "grids": grids}, is_demo)


def _team(user, pk):
    found = get_object_or_404(Team.objects.select_related("area__village", "area__town"), pk=pk)
    access.fetch(Area.objects, user, "team.view", pk=found.area_id)
    return found
