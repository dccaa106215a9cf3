"""Forms of party organisations and members, and of giving one household to somebody."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import subtree
from grids import access
from grids.models import Area
from households import chains, coverage
from households.models import Exemption, PartyMember, PartyOrg


def day_field(label, **more):
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


class OrgForm(forms.Form):
    """A new organisation under another."""

    parent = forms.ModelChoiceField(
        label=_("Under"), queryset=PartyOrg.objects.none(), required=False, empty_label=_("at the top")
    )
    level = forms.ChoiceField(label=_("level"))
    name = forms.CharField(label=_("Name"), max_length=60)
    area = forms.ModelChoiceField(
        label=_("Place"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )

    def __init__(self, *args, user, town, **kwargs):
        super().__init__(*args, **kwargs)
        mine = PartyOrg.objects.visible_to(user, "party.change").values("pk")
        orgs = PartyOrg.objects.filter(Q(pk__in=mine) | Q(area=town), area__town=town.pk, ended_on=None)
        self.fields["parent"].queryset = orgs.order_by("area__path", "pk")
        self.fields["level"].choices = chains.levels(chains.rule_of(town.pk))
        kinds = [Area.Kind.TOWN, Area.Kind.VILLAGE, Area.Kind.GRID]
        there = Area.objects.open_on(clock.today()).in_subtree(town).filter(kind__in=kinds)
        self.fields["area"].queryset = access.restrict(there, user, "party.change", path="path").order_by("path")


class RenameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)


class NewMemberForm(forms.Form):
    """A member by name; an account is not needed."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile number"), required=False, max_length=20,
        help_text=_("Only if the person is to sign in later. Stored encrypted, shown in part only."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    org = forms.ModelChoiceField(label=_("Organisation"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].queryset = orgs_of(user)


class MoveForm(forms.Form):
    org = forms.ModelChoiceField(label=_("New organisation"), queryset=PartyOrg.objects.none(), empty_label=None)

    def __init__(self, *args, user, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].queryset = orgs_of(user).exclude(pk=member.org_id)


class ExemptForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=Exemption.Reason.choices, help_text=_("Nothing more is kept about it.")
    )
    from_day = day_field(_("From day"))
    until_day = day_field(_("First day it is over"), required=False, help_text=_("Empty: until somebody ends it."))


class DayForm(forms.Form):
    on = day_field(_("On day"))


class OwnHouseholdForm(forms.Form):
    """By its code, so that nobody browses households for it."""

    household = forms.CharField(
        label=_("Code of the own household"), required=False, max_length=30,
        help_text=_(
            "Only so that nobody is asked to look after himself. It is not shown with the household. Empty: not known."
        ),
    )  # fmt: skip


class GiveForm(forms.Form):
    """Who is to have a household, from when on."""

    member = forms.ModelChoiceField(label=_("Party member"), queryset=PartyMember.objects.none(), empty_label=None)
    on = day_field(_("From day"))

    def __init__(self, *args, household, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        able = PartyMember.objects.able(today).filter(subtree(household.village.path, "area_path"))
        able = able.exclude(own_household=household.pk).select_related("user")
        found = coverage.with_load(able, today).order_by("load", "user__pinyin")
        self.fields["member"].queryset = able
        self.fields["member"].choices = [(one.pk, f"{one.user.name} ({one.load})") for one in found]


def orgs_of(user):
    """The organisations whose members somebody may enter."""
    return PartyOrg.objects.visible_to(user, "party.change").filter(ended_on=None).order_by("area__path", "pk")
