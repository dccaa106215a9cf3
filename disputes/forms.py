"""Forms of disputes: registering one, and what marking a duplicate asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.codes import Severity
from casework.forms import CategoryForm, NoteForm, OpeningForm, a_phone_number
from disputes.models import Dispute

PARTIES = (1, 2)


class DuplicateForm(NoteForm):
    """Names the other dispute by its number; one the person may not see does not exist for him."""

    of = forms.CharField(label=_("Number of the other dispute"), max_length=40)
    field_order = ["of", "note"]

    def clean_of(self):
        seen = Dispute.objects.visible_to(self.user, "dispute.view").select_related("case")
        found = seen.filter(case__number=self.cleaned_data["of"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("There is no dispute with this number in your area."))
        return found


ACT_FORMS = {"mark_duplicate": DuplicateForm, "recategorise": CategoryForm}


class RegisterForm(OpeningForm):
    """A dispute somebody came with, or went to find out about."""

    permission = "dispute.register"
    source = forms.ChoiceField(label=_("Source"), choices=Dispute.Source.choices, initial=Dispute.Source.APPLICATION)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.ORDINARY)
    people_involved = forms.IntegerField(label=_("People involved"), min_value=1, max_value=100_000, initial=2)
    sensitive = forms.BooleanField(
        label=_("Sensitive: domestic violence, minors, sexual matters"),
        required=False,
        help_text=_("In lists only its number and category are shown then."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for n in PARTIES:
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("Name of party %(n)d") % {"n": n}, max_length=60, required=False
            )
            self.fields[f"phone_{n}"] = forms.CharField(
                label=_("Phone of party %(n)d") % {"n": n}, max_length=20, required=False, validators=[a_phone_number],
                widget=forms.TextInput(attrs={"inputmode": "tel"}),
            )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        for n in PARTIES:
            if cleaned.get(f"phone_{n}") and not cleaned.get(f"name_{n}"):
                self.add_error(f"name_{n}", _("Whose phone is it?"))
        return cleaned

    @property
    def party_fields(self):
        return [(self[f"name_{n}"], self[f"phone_{n}"]) for n in PARTIES]

    def asked(self) -> dict:
        """What disputes.workflow.register takes."""
        cleaned = super().asked()
        parties = [{key: cleaned.pop(f"{key}_{n}") for key in ("name", "phone")} for n in PARTIES]
        return cleaned | {"parties": [party for party in parties if party["name"]]}
