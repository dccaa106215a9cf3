"""How disputes are listed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import responsible
from casework.codes import Severity
from casework.lists import Listing, Narrowing, several


def _people(label):
    return forms.IntegerField(label=label, required=False, min_value=1, widget=forms.HiddenInput)


NARROWINGS = {
    "severity": Narrowing(several(_("Severity"), Severity.choices), "case__dispute__severity__in"),
    "people_from": Narrowing(_people(_("People involved, at least")), "case__dispute__people_involved__gte"),
    "responsible": responsible.NARROWING,
    "people_to": Narrowing(_people(_("People involved, at most")), "case__dispute__people_involved__lte"),
}
LISTING = Listing(
    "dispute", "dispute.view", line="case__dispute__line", sensitive="case__dispute__sensitive", narrowings=NARROWINGS
)
