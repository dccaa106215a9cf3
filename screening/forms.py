"""Forms of the daily report: something was found, voiding, and what the query string of a list may say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.codes import Category, Field, Severity
from common import clock
from common.fields import on_day, subtree
from grids.models import Area
from households.models import Household
from screening.models import Finding

# what a field is mostly about (domain handbook 3.7); every other category stays within reach
SUGGESTED = {
    Field.LAND: ["07", "03", "08"],
    Field.FINANCE: ["04", "06", "99"],
    Field.GRASSROOTS: ["02", "01", "03", "06"],
    Field.PENDING_PETITION: ["07", "08", "03", "10", "99"],
    Field.PUBLIC_ORDER: ["06", "02", "99"],
    Field.PUBLIC_SAFETY: ["06", "16", "09", "99"],
    Field.NEW_BUSINESS: ["10", "11", "13", "14"],
}
PARTIES = ["party_1", "party_2"]
CHOOSE = dict.fromkeys(["invalid_choice", "required"], _("Choose one."))


class FindingForm(forms.Form):
    """One matter found in a grid; the grid, the day and the person are known and not asked."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    field = forms.ChoiceField(
        label=_("What is it about?"), choices=Field.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    category = forms.ChoiceField(
        label=_("Category"), choices=Category.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    line = forms.CharField(label=_("In one line"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    place = forms.ChoiceField(label=_("Micro-grid"), required=False)
    household = forms.CharField(
        label=_("Household, if it is about one"), required=False, max_length=100,
        help_text=_("Type a name or code and choose from the list; the micro-grid follows from it."),
        widget=forms.TextInput(attrs={"list": "households", "autocomplete": "off"}),
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("What is done?"), choices=Finding.Outcome.choices, initial=Finding.Outcome.ON_THE_SPOT,
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    party_1 = forms.CharField(label=_("One party"), required=False, max_length=60)
    party_2 = forms.CharField(label=_("Other party"), required=False, max_length=60)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.ORDINARY)

    def __init__(self, *args, area: Area, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.area, today = area, clock.today()
        below = Area.objects.in_subtree(area).open_on(today).exclude(pk=area.pk).order_by("path")
        self.places = {place.code: place for place in below}
        names = [(place.code, place.name) for place in self.places.values()]
        self.fields["place"].choices = [("", _("the whole grid")), *names]
        homes = Household.objects.visible_to(user, "household.view").filter(subtree(area.path, "area_path"))
        self.homes = list(homes.filter(on_day(today)).select_related("area").order_by("area_path", "code"))

    @property
    def households(self):
        """What stands in the list to choose a household from."""
        return [told(household) for household in self.homes]

    @property
    def categories(self):
        """The categories as choices, each with the fields that suggest it."""
        return suggested(self["category"].value())

    def clean_household(self):
        said = self.cleaned_data["household"].strip()
        return meant(said, self.homes) if said else None

    def asked(self) -> dict:
        """The finding as `reporting.file_report` takes it."""
        said = {name: self.cleaned_data[name] for name in ("field", "category", "line", "outcome", "severity")}
        parties = []
        if said["outcome"] == Finding.Outcome.DISPUTE:
            parties = [{"name": self.cleaned_data[name]} for name in PARTIES if self.cleaned_data[name].strip()]
        place = self.places.get(self.cleaned_data["place"])
        return said | {"area": place, "household": self.cleaned_data["household"], "parties": parties}


def suggested(chosen) -> list[dict]:
    """The categories as choices, each with the fields that suggest it."""
    return [
        {"value": code, "label": label, "checked": code == chosen,
         "fields": [field for field, codes in SUGGESTED.items() if code in codes]}
        for code, label in Category.choices
    ]  # fmt: skip


def meant(said: str, homes) -> Household:
    """The household that was meant by its code, its line of the list, or a name that only one bears. ValidationError
    where none or several fit."""
    words = said.split()
    by_code = [household for household in homes if household.code in (said, words[-1])]
    found = by_code or [household for household in homes if household.name == said]
    if not found:
        raise forms.ValidationError(_("There is no such household in your grid. Choose one from the list."))
    if len(found) > 1:
        raise forms.ValidationError(_("More than one household has this name. Choose one from the list."))
    return found[0]


def told(household) -> str:
    """A household as it stands in the list to choose from."""
    return f"{household.name} {household.code}"


def initial_of(finding: Finding) -> dict:
    """What the form shows of a finding that is to be corrected."""
    said = {name: getattr(finding, name) for name in ("field", "category", "line", "outcome", "severity")}
    place = finding.area.code if finding.area_id != finding.grid_id else ""
    return said | {"place": place, "household": told(finding.household) if finding.household else ""}


class VoidForm(forms.Form):
    """Why a report is voided."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
