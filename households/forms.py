"""Forms of proposing boundaries: which proposals to take over, and the table of where houses stand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from grids.outlines import datums
from grids.outlines.forms import DEGREES


class ReasonForm(forms.Form):
    """Why somebody needs a name and phone in clear."""

    reason = forms.CharField(label=_("What do you need it for?"), min_length=2, max_length=200)


class AcceptForm(forms.Form):
    """The proposals somebody takes over."""

    codes = forms.MultipleChoiceField(
        label=_("Take over"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose one or more.")}
    )
    from_day = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Reason, where it shall stand in spite of a warning"), max_length=200, required=False
    )

    def __init__(self, *args, proposals, **kwargs):
        super().__init__(*args, **{"initial": {"from_day": clock.today()}} | kwargs)
        self.fields["codes"].choices = [(one.area.code, one.area.name) for one in proposals]

    @property
    def chosen(self):
        """The codes that are ticked: what was sent, or at first those that have no outline yet."""
        return set(self["codes"].value() or [])


class PointsForm(forms.Form):
    """A table of where houses stand."""

    file = forms.FileField(
        label=_("Table of positions"),
        help_text=_("Columns 户编码, 经度, 纬度; .xlsx, .xls or .csv. A wrong line keeps all of them out."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    datum = forms.ChoiceField(label=_("Coordinate system"), choices=DEGREES, initial=datums.WGS84)
