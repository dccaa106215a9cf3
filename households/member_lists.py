"""The list of party members: filters, sorting, rows with load and exemption."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import subtree
from grids.choosing import area_of_list
from households import coverage, organisations
from households.models import Exemption, PartyMember, PartyOrg

ACTION = "party.view"
STATES = [("", _("all members")), ("able", _("able")), ("exempt", _("exempt")), ("free", _("able, without households")),
          ("left", _("left"))]  # fmt: skip
SORTS = {"name": ["user__pinyin", "pk"], "org": ["org__name", "user__pinyin"], "load": ["load", "user__pinyin"]}


class MemberFilters(forms.Form):
    """What the address of the list may say: area, org (with those below), state, words."""

    q = forms.CharField(label=_("Name or sound"), required=False, max_length=60)
    org = forms.ModelChoiceField(
        label=_("Organisation"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("all organisations")
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def __init__(self, said, *, user):
        super().__init__(said)
        self.user, self.area = user, area_of_list(user, ACTION, said.get("area", ""))
        known = PartyOrg.objects.visible_to(user, ACTION).filter(subtree(self.area.path, "area__path"))
        self.fields["org"].queryset = known.order_by("area__path", "pk")

    def rows(self):
        """Members as a queryset with `load` and `reason`."""
        today, said = clock.today(), self.cleaned_data
        found = PartyMember.objects.visible_to(self.user, ACTION).filter(subtree(self.area.path, "area_path"))
        found = coverage.with_load(found.select_related("user", "org"), today)
        if said["org"]:
            found = found.filter(org__in=organisations.with_below(said["org"]))
        if text := said["q"].strip():
            found = found.filter(
                Q(user__name__icontains=text) | Q(user__pinyin__icontains=text.lower())
                | Q(user__initials__startswith=text.lower())
            )  # fmt: skip
        asked = self.data.get("sort", "")
        order = SORTS.get(asked.removeprefix("-"), ["area_path", "org__name", "user__pinyin", "pk"])
        return _of_state(found, said["state"], today).order_by(
            *(f"-{key}" if asked.startswith("-") else key for key in order)
        )


def _of_state(found, state, today):
    if state == "left":
        return found.filter(until_day__lte=today)
    found = found.present(today)
    return {
        "able": found.filter(reason=None), "exempt": found.exclude(reason=None),
        "free": found.filter(reason=None, load=0),
    }.get(state, found)  # fmt: skip


def state_of(member) -> tuple:
    """(word, tone) of a member with `reason`."""
    if member.until_day is not None and member.until_day <= clock.today():
        return _("left"), "calm"
    if member.reason:
        return _("exempt: %(reason)s") % {"reason": Exemption.Reason(member.reason).label}, "calm"
    return _("able"), "good"
