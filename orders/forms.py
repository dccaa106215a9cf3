"""Forms of service orders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.forms import OpeningForm, a_phone_number


class PlaceForm(OpeningForm):
    """What a resident asks for."""

    permission = "order.place"
    requester = forms.CharField(label=_("Who asks"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=20, required=False, validators=[a_phone_number],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
