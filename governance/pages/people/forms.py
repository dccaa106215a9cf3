"""Forms of the pages of people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grids import access
from grids.models import Area


class PersonForm(forms.Form):
    """Name and mobile number."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        max_length=20,
        help_text=_("For signing in and for calls at work. Stored encrypted, shown in part only."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class NewPersonForm(PersonForm):
    """A person of one of the towns where the user may enter people."""

    username = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=59,
        help_text=_("Left empty, it is made of the sound of the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    area = forms.ModelChoiceField(
        label=_("Entered for"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = homes(user)


class ReasonForm(forms.Form):
    """Why: kept with the act."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200)


def homes(user):
    """Towns and counties for which the user may enter people."""
    kinds = [Area.Kind.TOWN, Area.Kind.COUNTY]
    return access.restrict(Area.objects.filter(kind__in=kinds), user, "person.change", path="path").order_by("path")
