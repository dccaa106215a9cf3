"""Forms of the acts on a household or one of its people; each knows the verb it asks for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grids import access
from households import enrolling, leaving, needs, regrouping, standing
from households.asking import (
    CHANGE,
    HomeFields,
    PeopleChoice,
    PersonChoice,
    PersonFields,
    PlaceChoice,
    day_field,
    places,
)
from households.models import Household, NeedKind, Resident
from households.relations import Relation, through


class ActForm(forms.Form):
    """`row` is the household or the resident; `by` who acts."""

    label = ""

    def __init__(self, *args, row, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.by = row, by
        self.home = row if isinstance(row, Household) else row.household
        self.prepare()

    def prepare(self):
        """What can be chosen depends on the row."""

    def people(self, besides=None):
        rows = Resident.objects.current().filter(household=self.home).order_by("pk")
        return rows.exclude(pk=besides.pk) if besides else rows

    def ask_for_head(self, besides):
        """Only a head who leaves others behind needs a follower."""
        rows = self.people(besides=besides)
        if besides is not None and (not besides.is_head or not rows.exists()):
            del self.fields["new_head"]
        else:
            self.fields["new_head"].queryset = rows

    def said(self, *names):
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class EnterForm(PersonFields, HomeFields):
    """A new household with its head."""

    area = PlaceChoice()
    on = day_field(_("On the roster since"))
    field_order = ["area", "name", "sex", "birth_year", "phone", "id_number", "here", "away_to", "away_since",
                   "address", "kind", "kind_since", "kind_source", "on"]  # fmt: skip

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        del self.fields["relation"]
        self.fields["name"].label = _("Name of the head")
        self.fields["area"].queryset = places(by)
        towns = {post.area.town_id for post in access.posts(by)} - {None}
        path = next((post.area.path for post in access.posts(by) if access.may(by, CHANGE, post.area.path)), "")
        self.prepare_person(by, path, towns.pop() if len(towns) == 1 else None)

    def take(self):
        said = {name: self.cleaned_data[name] for name in enrolling.HOME}
        area, on = self.cleaned_data["area"], self.cleaned_data["on"]
        return enrolling.enter_household(area=area, head=self.person(), on=on, by=self.by, **said)


class CorrectHomeForm(HomeFields, ActForm):
    label = _("Correct the household")
    contact = PersonChoice(Resident.objects.none(), label=_("Contact person"), required=False)

    def prepare(self):
        self.fields["contact"].queryset = self.people()
        said = {name: getattr(self.row, name) for name in enrolling.HOME}
        self.initial = said | {"contact": self.row.contact_id}

    def take(self):
        said = self.said(*enrolling.HOME, "contact")
        return enrolling.correct_household(household=self.row, by=self.by, **said)


class AddForm(PersonFields, ActForm):
    label = _("Enter a person")
    came_as = forms.ChoiceField(
        label=_("How"), choices=[(Resident.Came.LISTED, _("belongs here, was not entered yet")),
                                 (Resident.Came.BORN, _("born")), (Resident.Came.MOVED, _("came from elsewhere"))],
    )  # fmt: skip
    on = day_field(_("From the day"))
    field_order = ["came_as", "name", "relation"]

    def prepare(self):
        self.prepare_person(self.by, self.home.area_path, self.home.town_id)
        if self.people().exists():
            self.fields["relation"].choices = [("", "---"), *(c for c in Relation.choices if c[0] != Relation.HEAD)]

    def take(self):
        return enrolling.enter_resident(household=self.row, by=self.by, **self.person(), **self.said("on", "came_as"))


class HeadForm(ActForm):
    label = _("Change the head")
    resident = PersonChoice(Resident.objects.none(), label=_("The head from now on"))

    def prepare(self):
        self.fields["resident"].queryset = self.people().exclude(relation=Relation.HEAD)

    def take(self):
        return enrolling.change_head(household=self.row, by=self.by, **self.cleaned_data)


class NeedForm(ActForm):
    label = _("Write down a need")
    kind = forms.ModelChoiceField(NeedKind.objects.none(), label=_("What the family asks for"))
    resident = PersonChoice(Resident.objects.none(), label=_("For whom"), required=False, empty_label=_("all of them"))
    stated_by = forms.CharField(
        label=_("Who said so"),
        max_length=30,
        help_text=_("For example: the son, by telephone. No diagnosis, no income."),
    )
    on = day_field(_("On the day"))

    def prepare(self):
        offered = [kind.pk for kind in needs.kinds(self.home.town_id)]
        self.fields["kind"].queryset = NeedKind.objects.filter(pk__in=offered)
        self.fields["resident"].queryset = self.people()

    def take(self):
        return needs.state(household=self.row, by=self.by, **self.cleaned_data)


class NeedEndForm(ActForm):
    label = _("A need is needed no more")
    need = forms.ModelChoiceField(None, label=_("Which one"), empty_label=None)
    on = day_field(_("First day without it"))

    def prepare(self):
        self.fields["need"].queryset = self.row.needs.filter(until_day=None).select_related("kind")

    def take(self):
        return needs.withdraw(by=self.by, **self.cleaned_data)


class MoveForm(ActForm):
    label = _("Move to another place")
    area = PlaceChoice()
    on = day_field(_("From the day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def prepare(self):
        self.fields["area"].queryset = places(self.by, self.home.town_id).exclude(pk=self.home.area_id)

    def take(self):
        return regrouping.move(household=self.row, by=self.by, **self.cleaned_data)


class SplitForm(ActForm):
    label = _("Split the household")
    people_going = PeopleChoice(Resident.objects.none(), label=_("Who is a household of their own"))
    head = PersonChoice(Resident.objects.none(), label=_("Head of the new household"))
    area = PlaceChoice()
    address = forms.CharField(label=_("House number or address"), max_length=120, required=False)
    new_head = PersonChoice(
        Resident.objects.none(), label=_("Head of the old household"), required=False,
        help_text=_("Only where its head goes along."),
    )  # fmt: skip
    on = day_field(_("From the day"))

    def prepare(self):
        for name in ("people_going", "head", "new_head"):
            self.fields[name].queryset = self.people()
        self.fields["area"].queryset = places(self.by, self.home.town_id)
        self.fields["area"].initial = self.home.area.code

    def take(self):
        said = self.said("head", "area", "address", "new_head", "on")
        try:
            return regrouping.split(household=self.row, people=self.cleaned_data["people_going"], by=self.by, **said)
        except ValidationError as wrong:
            raise _renamed(wrong, "people", "people_going") from wrong


class OtherHouseholdField(forms.CharField):
    """Another household by its code, of those the person may change."""

    def __init__(self, **more):
        super().__init__(max_length=30, label=_("Code of the other household"), **more)


class WithOther(ActForm):
    def clean_household(self):
        code = self.cleaned_data["household"].strip()
        rows = Household.objects.visible_to(self.by, CHANGE).filter(until_day=None, town=self.home.town_id)
        found = rows.filter(code=code).exclude(pk=self.home.pk).first()
        if found is None:
            raise ValidationError(_("There is no such household among those you may change."))
        return found


class MergeForm(WithOther):
    label = _("Join another household")
    household = OtherHouseholdField()
    relation = forms.ChoiceField(
        label=_("What the head here is to the head there"),
        choices=[c for c in Relation.choices if c[0] != Relation.HEAD],
    )
    on = day_field(_("From the day"))

    def take(self):
        theirs = self.cleaned_data["relation"]
        people = standing.current(self.row)
        relations = {one.pk: theirs if one.is_head else through(theirs, one.relation) for one in people}
        into, on = self.cleaned_data["household"], self.cleaned_data["on"]
        return regrouping.merge(household=self.row, into=into, relations=relations, on=on, by=self.by)


class AwayForm(ActForm):
    label = _("The whole household moved away")
    on = day_field(_("First day without it"))
    reason = forms.CharField(label=_("Where to, as far as the town"), max_length=60, required=False)

    def take(self):
        return leaving.move_away(household=self.row, by=self.by, **self.cleaned_data)


class CorrectPersonForm(PersonFields, ActForm):
    label = _("Correct this person")
    forget_phone = forms.BooleanField(label=_("Forget the phone"), required=False)
    forget_id_number = forms.BooleanField(label=_("Forget the ID number"), required=False)

    def prepare(self):
        row = self.row
        self.prepare_person(self.by, self.home.area_path, self.home.town_id)
        kept = ("name", "relation", "sex", "birth_year", "away_to", "away_since")
        self.initial = {name: getattr(row, name) for name in kept} | {"here": "yes" if row.lives_here else "no"}
        self.fields["phone"].help_text = _("Left empty, the number stays as it is.")
        if row.is_head:
            self.fields["relation"].choices = [(Relation.HEAD, Relation.HEAD.label)]
        else:
            self.fields["relation"].choices = [c for c in Relation.choices if c[0] != Relation.HEAD]
        for name in ("phone", "id_number"):
            if not getattr(row, name) or name not in self.fields:
                del self.fields[f"forget_{name}"]

    def take(self):
        forget = [name for name in ("phone", "id_number") if self.cleaned_data.get(f"forget_{name}")]
        return enrolling.correct_resident(resident=self.row, by=self.by, forget=forget, **self.person())


class LeaveForm(ActForm):
    label = _("Left the household")
    left_as = forms.ChoiceField(
        label=_("Why"), choices=[c for c in Resident.Left.choices if c[0] != Resident.Left.JOINED]
    )
    on = day_field(_("First day without the person"))
    new_head = PersonChoice(Resident.objects.none(), label=_("The head from now on"), required=False)

    def prepare(self):
        self.ask_for_head(self.row)

    def take(self):
        return leaving.leave(resident=self.row, by=self.by, **self.cleaned_data)


class JoinForm(WithOther):
    label = _("Go over to another household")
    household = OtherHouseholdField()
    relation = forms.ChoiceField(
        label=_("Relation to the head there"), choices=[c for c in Relation.choices if c[0] != Relation.HEAD]
    )
    on = day_field(_("From the day"))
    new_head = PersonChoice(Resident.objects.none(), label=_("The head here from now on"), required=False)

    def prepare(self):
        self.ask_for_head(self.row)

    def take(self):
        return regrouping.join(resident=self.row, by=self.by, **self.cleaned_data)


def _renamed(wrong, old, new):
    if hasattr(wrong, "error_dict") and old in wrong.error_dict:
        return ValidationError({new if name == old else name: said for name, said in wrong.error_dict.items()})
    return wrong


OF_HOME = {
    "person": AddForm, "correct": CorrectHomeForm, "need": NeedForm, "need-end": NeedEndForm, "head": HeadForm,
    "move": MoveForm, "split": SplitForm, "merge": MergeForm, "away": AwayForm,
}  # fmt: skip
OF_PERSON = {"correct": CorrectPersonForm, "leave": LeaveForm, "join": JoinForm}


def possible(home: Household) -> dict:
    """The acts that make sense on a household today: name and label."""
    if home.until_day is not None:
        return {}
    people = Resident.objects.current().filter(household=home).count()
    none = {"head", "split"} if people < 2 else set()
    if not home.needs.filter(until_day=None).exists():
        none.add("need-end")
    return {name: form.label for name, form in OF_HOME.items() if name not in none}
