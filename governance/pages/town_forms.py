"""Forms of a town's settings: what its levels are called, until when a report is on time, from which day it works."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label, help_text=""):
    return forms.DateField(
        label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class LevelNamesForm(forms.Form):
    """Two names for each level; which levels there are stays."""

    def __init__(self, *args, levels, **kwargs):
        super().__init__(*args, **kwargs)
        self.levels = levels
        for level in levels:
            self.fields[f"label_{level.kind}"] = forms.CharField(
                label=_("Name of the level"), initial=level.label, max_length=20
            )
            self.fields[f"english_{level.kind}"] = forms.CharField(
                label=_("English name"), initial=level.label_en, max_length=30
            )

    @property
    def lines(self):
        """(level, field of the name, field of the English name) from above to below."""
        return [(level, self[f"label_{level.kind}"], self[f"english_{level.kind}"]) for level in self.levels]

    def asked(self) -> dict:
        said = self.cleaned_data
        return {
            level.kind: (said[f"label_{level.kind}"].strip(), said[f"english_{level.kind}"].strip())
            for level in self.levels
        }


class DutyForm(forms.Form):
    cut_off = forms.TimeField(
        label=_("A day's report is on time until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    every_day = forms.TypedChoiceField(
        label=_("Reports are expected"), coerce=lambda text: text == "yes",
        choices=[("yes", _("every day")), ("no", _("on working days only"))], widget=forms.RadioSelect,
    )  # fmt: skip
    from_day = _day(_("Effective from"), _("Days before keep the rule they had; nothing counted changes."))


class BeginForm(forms.Form):
    in_use_from = _day(
        _("First day of work with the platform"),
        _("From this day on reports are expected. Grids and people can be entered before."),
    )
