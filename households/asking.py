"""What the forms of households have in common: whom and which place one may choose, what is asked of a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock, masking
from grids import access
from grids.models import Area
from households import identity
from households.lists import DayInput
from households.models import Household, Resident
from households.relations import Relation

CHANGE = "household.change"
YES_NO = [("yes", _("lives here")), ("no", _("lives away"))]


def told(person) -> str:
    """Somebody to choose: the masked name and what he is to the head."""
    return f"{masking.name(person.name)}（{person.get_relation_display()}）"


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return told(person)


class PeopleChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person):
        return told(person)


class PlaceChoice(forms.ModelChoiceField):
    """The lowest open places where the person may change households."""

    def __init__(self, **more):
        super().__init__(Area.objects.none(), label=_("Place"), to_field_name="code", **more)

    def label_from_instance(self, area):
        village = area.village.name
        return area.name if area.name.startswith(village) else f"{village} · {area.name}"


def places(user, town_id=None):
    """Where somebody may enter or bring a household."""
    rows = Area.objects.open_on(clock.today()).filter(village__isnull=False).select_related("village")
    rows = access.restrict(rows, user, CHANGE, path="path")
    rows = rows.filter(town=town_id) if town_id else rows
    above = Area.objects.open_on(clock.today()).filter(parent__isnull=False).values("parent")
    return rows.exclude(pk__in=above).order_by("path")


def day_field(label):
    return forms.DateField(label=label, initial=clock.today, widget=DayInput(format="%Y-%m-%d"))


class PersonFields(forms.Form):
    """What is stored of a person; nothing more is asked for."""

    name = forms.CharField(label=_("Name"), max_length=60)
    relation = forms.ChoiceField(label=_("Relation to the head"), choices=Relation.choices)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("not stated")), *Resident.Sex.choices], required=False)
    birth_year = forms.IntegerField(label=_("Year of birth"), min_value=1900, max_value=2200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    id_number = forms.CharField(label=_("ID number"), max_length=24, required=False)
    here = forms.ChoiceField(label=_("Lives"), choices=YES_NO, initial="yes")
    away_to = forms.CharField(
        label=_("If away: where"), max_length=40, required=False, help_text=_("The county or town, no closer."),
    )  # fmt: skip
    away_since = forms.DateField(
        label=_("Away since"), required=False, input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )  # fmt: skip

    def prepare_person(self, user, place, town_id):
        if not (access.may(user, "household.id_number", place) and identity.use_of(town_id)):
            del self.fields["id_number"]

    def person(self):
        kept = ("name", "relation", "sex", "birth_year", "phone", "id_number", "away_to", "away_since")
        found = {name: self.cleaned_data[name] for name in kept if name in self.cleaned_data}
        return found | {"lives_here": self.cleaned_data["here"] == "yes"}


class HomeFields(forms.Form):
    """What is stored of a household beside its people."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Household.Kind.choices)
    kind_since = forms.DateField(
        label=_("Of this kind since"), required=False, widget=DayInput(format="%Y-%m-%d"),
        help_text=_("Only for households lifted out of poverty or monitored."),
    )  # fmt: skip
    kind_source = forms.CharField(
        label=_("By whose list"), max_length=60, required=False,
        help_text=_("For example the county's list; the platform decides this of nobody."),
    )  # fmt: skip
    address = forms.CharField(label=_("House number or address"), max_length=120, required=False)
