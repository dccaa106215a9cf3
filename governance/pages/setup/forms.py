"""Forms of the steps: the villages of the list, one more village, the levels and days, the uploaded list of grids."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from grids import schemes
from grids.models import Area

Kind = Area.Kind


class VillagesForm(forms.Form):
    """A line for each village: taken or not, and the name people use."""

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            label = _("Open %(village)s") % {"village": row["official"]}
            self.fields[f"taken_{row['code']}"] = forms.BooleanField(
                label=label, initial=row["taken"], required=False,
                widget=forms.CheckboxInput(attrs={"aria-label": label}),
            )  # fmt: skip
            self.fields[f"name_{row['code']}"] = forms.CharField(
                label=_("Name shown for %(village)s") % {"village": row["official"]}, initial=row["name"], max_length=60
            )

    @property
    def lines(self):
        """(row, field of being taken, field of the name) of each village."""
        return [(row, self[f"taken_{row['code']}"], self[f"name_{row['code']}"]) for row in self.rows]

    def chosen(self) -> list[dict]:
        """What setting_up.choose_villages takes."""
        said = self.cleaned_data
        return [
            row | {"taken": said[f"taken_{row['code']}"], "name": said[f"name_{row['code']}"].strip()}
            for row in self.rows
        ]


class VillageForm(forms.Form):
    """A village the list does not have. It stands folded away in the form of all villages, so nothing is asked for."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name of the village"), max_length=60)
    code = forms.CharField(
        label=_("Division code"), max_length=12, required=False,
        help_text=_("12 digits. Leave it empty when it is not known: the platform gives a free one."),
    )  # fmt: skip


class LevelsForm(forms.Form):
    """Which levels there are, what they are called, which one reports, from when and until what hour."""

    in_use_from = forms.DateField(
        label=_("First day of work with the platform"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("From this day on reports are expected. Grids and people can be entered before."),
    )  # fmt: skip
    cut_off = forms.TimeField(
        label=_("A day's report is on time until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    every_day = forms.TypedChoiceField(
        label=_("Reports are expected"), coerce=lambda text: text == "yes",
        choices=[("yes", _("every day")), ("no", _("on working days only"))], widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args, chosen, preset=None, **kwargs):
        self.levels = self._levels(chosen, preset)
        initial = {
            "in_use_from": chosen.get("in_use_from", clock.today().isoformat()),
            "cut_off": chosen.get("cut_off", "20:00"),
            "every_day": "yes" if chosen.get("every_day", True) else "no",
            "reports": next((row["kind"] for row in self.levels.values() if row["reports"]), None),
        }
        super().__init__(*args, initial=initial, **kwargs)
        for kind in [Kind.VILLAGE, *schemes.BELOW_VILLAGE]:
            label, label_en = schemes.LABELS[kind]
            row = self.levels.get(kind, {"label": label, "label_en": label_en})
            if kind != Kind.VILLAGE:
                self.fields[f"use_{kind}"] = forms.BooleanField(
                    label=label, initial=kind in self.levels, required=False
                )
            self.fields[f"label_{kind}"] = forms.CharField(
                label=_("Name of the level"), initial=row["label"], max_length=20
            )
            self.fields[f"english_{kind}"] = forms.CharField(
                label=_("English name"), initial=row["label_en"], max_length=30
            )
        self.fields["reports"] = forms.ChoiceField(
            label=_("Which level files the daily report"), widget=forms.RadioSelect,
            choices=[(kind, schemes.LABELS[kind][0]) for kind in schemes.BELOW_VILLAGE],
        )  # fmt: skip

    @staticmethod
    def _levels(chosen, preset):
        rows = schemes.preset_levels(preset) if preset else chosen.get("levels") or schemes.preset_levels("grid-micro")
        return {row["kind"]: row for row in rows}

    @property
    def lines(self):
        """(kind, field of being used or None, field of the name, field of the English name) from above to below."""
        return [
            (
                kind,
                None if kind == Kind.VILLAGE else self[f"use_{kind}"],
                self[f"label_{kind}"],
                self[f"english_{kind}"],
            )
            for kind in [Kind.VILLAGE, *schemes.BELOW_VILLAGE]
        ]

    def asked(self) -> dict:
        """What setting_up.choose_levels takes."""
        said = self.cleaned_data
        used = [Kind.VILLAGE, *(kind for kind in schemes.BELOW_VILLAGE if said[f"use_{kind}"])]
        levels = [
            {"kind": str(kind), "label": said[f"label_{kind}"], "label_en": said[f"english_{kind}"],
             "reports": said["reports"] == kind}
            for kind in used
        ]  # fmt: skip
        cut_off: dt.time = said["cut_off"]
        return {
            "levels": levels, "in_use_from": said["in_use_from"], "cut_off": cut_off, "every_day": said["every_day"],
        }  # fmt: skip


class ListForm(forms.Form):
    """A list of divisions."""

    file = forms.FileField(
        label=_("List of divisions (.csv or .xlsx)"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("Columns code, name, level (1 to 5) and parent_code, as the statistical list has them."),
    )  # fmt: skip


class FileForm(forms.Form):
    """A list of grids."""

    file = forms.FileField(
        label=_("List of grids (.xlsx, .xls or .csv)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
