"""Forms of acts on a case: the note every act may carry, and what some acts ask for beside it."""

import uuid

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from casework import lists, workflow
from casework.codes import Category, Field
from casework.workflow import NOTE_LIMIT, Action
from grids import access
from grids.models import Area

a_phone_number = RegexValidator(r"^\+?[0-9][0-9 -]{4,18}$", _("A phone number has digits only."))


class NoteForm(forms.Form):
    """The form of one act; `asked()` gives what the verb takes."""

    note = forms.CharField(
        label=_("Note"), max_length=NOTE_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, name: str, action: Action, case, user, **kwargs):
        kwargs.setdefault("auto_id", f"id_{name}_%s")
        super().__init__(*args, **kwargs)
        self.name, self.action, self.case, self.user = name, action, case, user
        if action.needs_note:
            self.fields["note"].required = True
            self.fields["note"].label = _("Reason")

    def asked(self) -> dict:
        return dict(self.cleaned_data)


class CategoryForm(NoteForm):
    """Correcting what a case is about."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    field = forms.ChoiceField(label=_("Field"), choices=Field.choices)
    field_order = ["category", "field", "note"]

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, case=case, initial={"category": case.category, "field": case.field}, **kwargs)


class ReasonForm(forms.Form):
    """Why somebody needs names and phones in clear."""

    reason = forms.CharField(label=_("What do you need it for?"), max_length=200)


class PlaceField(forms.ModelChoiceField):
    """A village, grid or micro-grid near a person's post."""

    def label_from_instance(self, area):
        return lists.place_label(area)


class OpeningForm(forms.Form):
    """What opening any case asks for: place, one line, category, field."""

    permission = ""
    client_id = forms.UUIDField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    area = PlaceField(label=_("Place"), queryset=Area.objects.none())
    line = forms.CharField(label=_("In one line"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    category = forms.ChoiceField(label=_("Category"), choices=[("", _("choose")), *Category.choices])
    field = forms.ChoiceField(label=_("Field"), choices=Field.choices, initial=Field.GRASSROOTS)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        places = lists.near(user, self.permission, (access.AREA,)).filter(village__isnull=False)
        self.fields["area"].queryset = places
        self.fields["area"].empty_label = _("choose")
        own = [post.area_id for post in access.posts(user) if post.area.village_id]
        self.fields["area"].initial = own[0] if own else None

    def asked(self) -> dict:
        """What the verb takes. The id covers what was typed: the same form sent twice has the same, but what somebody
        writes after going back in the browser is another matter."""
        said = dict(self.cleaned_data)
        if said["client_id"]:
            typed = {name: str(value) for name, value in said.items()} | {"area": said["area"].code}
            said["client_id"] = uuid.uuid5(said["client_id"], repr(sorted(typed.items())))
        return said


def act_forms(case, user, kinds: dict, bound: NoteForm | None = None) -> list[NoteForm]:
    """One form per button of a case; `bound` is the one that was just refused and stays as it was typed."""
    fresh = [
        kinds.get(name, NoteForm)(name=name, action=action, case=case, user=user)
        for name, action in workflow.available(case, user)
    ]
    return [bound if bound and bound.name == form.name else form for form in fresh]
