"""Forms of visits: what happened at the door, what was heard at a reception, withdrawing, the town's plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.codes import Category, Field, Severity
from casework.lists import place_label
from common import clock
from common.fields import on_day, subtree
from grids.models import Area
from households.models import Household
from screening import visit_plan
from screening.forms import CHOOSE, PARTIES, meant, suggested, told
from screening.lists import DayInput
from screening.models import Finding, Visit, VisitRule

NOTHING = ("", _("nothing to pass on"))


class MatterForm(forms.Form):
    """What was raised, and what it becomes: the part that visits and receptions share."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    line = forms.CharField(
        label=_("What was raised"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One line; leave it empty when nothing was. No telephone and no ID number."),
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("What becomes of it?"), required=False, choices=[NOTHING, *Finding.Outcome.choices], initial="",
        widget=forms.RadioSelect,
    )  # fmt: skip
    field = forms.ChoiceField(
        label=_("What is it about?"), required=False, choices=Field.choices, widget=forms.RadioSelect
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=Category.choices, widget=forms.RadioSelect
    )
    party_1 = forms.CharField(label=_("One party"), required=False, max_length=60)
    party_2 = forms.CharField(label=_("Other party"), required=False, max_length=60)
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=Severity.choices, initial=Severity.ORDINARY
    )
    follow_up = forms.CharField(label=_("What is to be done next"), required=False, max_length=200)
    again_on = forms.DateField(label=_("Go again on"), required=False, widget=DayInput())
    day = forms.DateField(label=_("Day of the visit"), widget=DayInput())

    @property
    def categories(self):
        return suggested(self["category"].value())

    def clean(self):
        said = super().clean()
        if said.get("outcome"):
            for name in ("field", "category"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, CHOOSE["required"])
        return said

    def matter(self):
        """What was raised as the verb takes it, or None."""
        said = self.cleaned_data
        if not said["outcome"]:
            return None
        parties = []
        if said["outcome"] == Finding.Outcome.DISPUTE:
            parties = [{"name": said[name]} for name in PARTIES if said[name].strip()]
        kept = {name: said[name] for name in ("field", "category", "outcome")}
        return kept | {"severity": said["severity"] or Severity.ORDINARY, "parties": parties}


class VisitForm(MatterForm):
    """One visit at a household: who was there, what was raised. The household is known, or chosen from a list."""

    result = forms.ChoiceField(
        label=_("Who was there?"), choices=Visit.Result.choices, initial=Visit.Result.MET, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    present = forms.MultipleChoiceField(
        label=_("Of the family"), required=False, choices=Visit.Present.choices, widget=forms.CheckboxSelectMultiple
    )
    reasons = forms.MultipleChoiceField(
        label=_("Why and what for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    household = forms.CharField(
        label=_("Which household?"), required=False, max_length=100,
        help_text=_("Type a name or code and choose from the list."),
        widget=forms.TextInput(attrs={"list": "households", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args, town_id, homes, **kwargs):
        super().__init__(*args, **kwargs)
        words, kept = visit_plan.words_of(town_id), (kwargs.get("initial") or {}).get("reasons", [])
        self.brought = words.brought
        every = dict.fromkeys([*words.occasions, *words.brought, *kept])
        self.fields["reasons"].choices = [(word, word) for word in every]
        self.homes = homes
        if len(homes) == 1:
            self.fields["household"].widget = forms.HiddenInput()

    @property
    def households(self):
        return [told(household) for household in self.homes]

    def clean_household(self):
        said = self.cleaned_data["household"].strip()
        if len(self.homes) == 1 and not said:
            return self.homes[0]
        if not said:
            raise forms.ValidationError(_("Choose the household."))
        return meant(said, self.homes)

    def said(self) -> dict:
        """The visit as `visiting.record` takes it, without household and day."""
        names = ("result", "present", "reasons", "line", "follow_up", "again_on")
        return {name: self.cleaned_data[name] for name in names} | {"matter": self.matter()}


class ReceptionForm(MatterForm):
    """What one resident brought to the open reception: the village it is about, and the matter."""

    place = forms.ChoiceField(label=_("Which village is it about?"), error_messages=CHOOSE)
    field_order = ["place", "line"]

    def __init__(self, *args, user, area, **kwargs):
        super().__init__(*args, **kwargs)
        below = Area.objects.in_subtree(area).open_on(clock.today()).filter(village__isnull=False)
        places = below.exclude(kind=Area.Kind.MICRO_GRID).select_related("village").order_by("path")
        self.places = {place.code: place for place in places}
        self.fields["place"].choices = [(code, place_label(place)) for code, place in self.places.items()]
        self.fields["line"].required = True
        self.fields["line"].help_text = _("One line. No telephone and no ID number.")
        self.fields["day"].label = _("Day of the reception")
        self.fields["again_on"].label = _("Answer until")

    def said(self) -> dict:
        names = ("line", "follow_up", "again_on")
        return {name: self.cleaned_data[name] for name in names} | {"matter": self.matter()}


def initial_of(visit: Visit) -> dict:
    """What the form shows of a visit that is to be corrected."""
    names = ("result", "present", "reasons", "line", "follow_up", "again_on", "day")
    return {name: getattr(visit, name) for name in names}


def homes_of(user, area: Area):
    """The households a person may visit in a place, in order of place and code."""
    homes = Household.objects.visible_to(user, "visit.record").filter(on_day(clock.today()))
    return list(homes.filter(subtree(area.path, "area_path")).select_related("area").order_by("area_path", "code"))


class WithdrawForm(forms.Form):
    """Why a visit is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class PlanForm(forms.Form):
    """How often a town visits, and its words for why: one line each."""

    every = forms.ChoiceField(
        label=_("How often is each linked household visited?"), choices=VisitRule.Every.choices,
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    brought = forms.CharField(
        label=_("Six to the household: what a visit brings"), required=False, max_length=900,
        widget=forms.Textarea(attrs={"rows": 7}), help_text=_("One line each, at most 20 of at most 40 characters."),
    )  # fmt: skip
    occasions = forms.CharField(
        label=_("Eight must-visits: on which occasions one goes"), required=False, max_length=900,
        widget=forms.Textarea(attrs={"rows": 9}), help_text=_("One line each, at most 20 of at most 40 characters."),
    )  # fmt: skip

    def lines(self, name) -> list[str]:
        return [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]
