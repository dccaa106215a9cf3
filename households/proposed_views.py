"""Pages of proposals who should look after whom: asking, watching, looking at a village, editing, applying."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock, masking
from grids import access
from grids.choosing import area_of_list
from grids.models import Area
from households import proposals
from households.given import Given
from households.models import LinkProposal, PartyMember

ACTION = "link.change"
TONES = {"ready": "good", "failed": "bad", "applied": "good", "discarded": "calm"}


class AskForm(forms.Form):
    """What is to be proposed."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("For"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=LinkProposal.Way.choices, widget=forms.RadioSelect)
    on = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, initial={"way": "fill", "on": clock.today()}, **kwargs)
        kinds = [Area.Kind.TOWN, Area.Kind.VILLAGE]
        there = Area.objects.open_on(clock.today()).filter(kind__in=kinds)
        self.fields["area"].queryset = access.restrict(there, user, ACTION, path="path").order_by("path")


@require_http_methods(["GET", "HEAD", "POST"])
def index(request):
    """The proposals of one's places, and asking for another."""
    area = area_of_list(request.user, ACTION, request.GET.get("area", ""))
    form = AskForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = proposals.ask(by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            return redirect("party:proposal", made.pk)
    found = LinkProposal.objects.visible_to(request.user, ACTION).select_related("area", "by").order_by("-pk")[:30]
    shown = {"area": area, "form": form, "proposals": [(one, TONES.get(one.state, "warn")) for one in found]}
    return render(request, "households/link_proposals.html", shown, status=422 if form.errors else 200)


def _fetch(request, pk):
    return access.fetch(LinkProposal.objects.select_related("area__village", "area__town", "by"), request.user, ACTION,
                        pk=pk)  # fmt: skip


@require_safe
def proposal(request, pk):
    """One proposal: how far it is; then its effect by village, and applying it."""
    shown = _fetch(request, pk)
    part = "households/_link_proposal.html" if request.htmx else "households/link_proposal.html"
    return render(request, part, {"proposal": shown, "tone": TONES.get(shown.state, "warn"), "sum": _sum(shown.found)})


def _sum(found):
    """The effect of all villages together."""
    keys = ("homes", "members", "uncovered", "left", "moved", "given", "short")
    added = {key: sum(said[key] for said in found) for key in keys}
    metres = [sum(said["metres"][n] for said in found) for n in range(3)]
    added["kilometres"] = [f"{length / 1000:,.1f}" for length in metres]
    for said in found:
        said["needed"] = -(-said["homes"] // said["members"]) if said["members"] else None
        said["more"] = max(-(-said["short"] // said["most"]), 1)
        said["km"] = [f"{length / 1000:,.1f}" for length in said["metres"]]
    return added


@require_http_methods(["GET", "HEAD", "POST"])
def village(request, pk, code):
    """One village of a proposal, member by member; every household can be given to another one."""
    shown = _fetch(request, pk)
    place = get_object_or_404(Area, code=code)
    if place.pk not in {said["village"] for said in shown.found}:
        raise Http404
    wrong = []
    if request.method == "POST":
        try:
            count = proposals.edit(proposal=shown, village=place, wanted=_wanted(request.POST), by=request.user)
        except ValidationError as refused:
            wrong = refused.messages
        else:
            messages.success(request, _("%(n)s households changed in the proposal.") % {"n": count})
            return redirect("party:proposal_village", pk, code)
    context = {"proposal": shown, "village": place, "wrong": wrong} | _lines(shown, place, _wanted(request.POST))
    return render(request, "households/link_proposal_village.html", context, status=422 if wrong else 200)


def _wanted(said):
    """{household id: member id or None} out of fields "give", each "household-member" or "household-"."""
    parts = [value.partition("-") for value in said.getlist("give")]
    return {
        int(home): int(member) if member else None
        for home, _dash, member in parts if home.isdecimal() and (member.isdecimal() or not member)
        and len(home) < 19 and len(member) < 19
    }  # fmt: skip


def _lines(shown, place, wanted):
    """The lines of a village under the member who is to have them, and the members to choose from, with their load."""
    given = Given(shown.area, shown.on)
    able = [pk for pk, _own in given.members[place.pk]]
    lines = list(shown.lines.filter(village=place).select_related("household__area", "before__user", "member__user")
                 .order_by("household__area_path", "household__code"))  # fmt: skip
    members = {one.pk: one for one in PartyMember.objects.select_related("user").filter(pk__in=able)}
    groups = {pk: [] for pk in sorted(able, key=lambda pk: (members[pk].user.pinyin, pk))}
    groups[None] = []
    for line in lines:
        line.wanted = wanted.get(line.household_id, line.member_id)
        line.shown = masking.name(line.household.name)
        groups.setdefault(line.member_id, []).append(line)
    before = {pk: sum(line.before_id == pk for line in lines) for pk in groups}
    told = [(members.get(pk), held, before[pk], sum(line.metres or 0 for line in held)) for pk, held in groups.items()
            if held or pk is not None]  # fmt: skip
    choices = [(pk, f"{members[pk].user.name} ({len(groups[pk])})") for pk in groups if pk is not None]
    return {"groups": told, "choices": choices}


@require_POST
def apply(request, pk):
    return _decided(request, pk, "apply")


@require_POST
def discard(request, pk):
    return _decided(request, pk, "discard")


def _decided(request, pk, act):
    shown = _fetch(request, pk)
    try:
        if act == "apply":
            count = proposals.apply(proposal=shown, by=request.user)
            messages.success(request, _("In force: %(n)s households have another member.") % {"n": count})
        else:
            proposals.discard(proposal=shown, by=request.user)
            messages.success(request, _("The proposal is discarded."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("party:proposal", pk)
