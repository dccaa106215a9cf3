"""The form of a town's own rows of its staffing template: a line for each row, and one for a row more."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grids import adapting
from grids.establishment import TEMPLATES, slot_of
from grids.models import Area
from grids.roles import Role

TIME = [("", _("either")), ("full", _("full-time")), ("part", _("part-time"))]
EVERY_GRID = _("grid, villager group, dedicated grid")


class RowsForm(forms.Form):
    """Lines of the preset always stand here, so that one left out can come back."""

    use_required_attribute = False

    def __init__(self, *args, profile, **kwargs):
        super().__init__(*args, **kwargs)
        self.preset = TEMPLATES[profile.staffing]
        self.rows = dict(_keyed(self.preset, adapting.rows_of(profile)))
        for key, (row, kept) in self.rows.items():
            self._add_line(key, row, slot_of(self.preset, row), kept)
        self.fields["post"] = forms.ChoiceField(
            label=_("Post and kind of place"), required=False, choices=[("", _("no further row")), *_posts(profile)]
        )
        self._add_line("new", {"label": "", "least": 1, "most": None, "time": ""})

    def _add_line(self, key, row, slot=None, kept=None):
        name = str(slot.label) if slot else ""

        def labelled(text):
            """Beside the table the label stands alone; in it, it names its row to those who hear the page."""
            return f"{text} · {name}" if name else text

        if kept is not None:
            self.fields[f"{key}_keep"] = forms.BooleanField(
                label=_("Ask for %(slot)s") % {"slot": name}, initial=kept, required=False,
                widget=forms.CheckboxInput(attrs={"aria-label": _("Ask for %(slot)s") % {"slot": name}}),
            )  # fmt: skip
        self.fields[f"{key}_label"] = forms.CharField(
            label=labelled(_("What the town calls it")), initial=row["label"], required=False,
            max_length=30, widget=forms.TextInput(attrs={"placeholder": name}),
        )  # fmt: skip
        numbers = {"min_value": 0, "max_value": adapting.MOST_PEOPLE}
        self.fields[f"{key}_least"] = forms.IntegerField(label=labelled(_("At least")), initial=row["least"], **numbers)
        self.fields[f"{key}_most"] = forms.IntegerField(
            label=labelled(_("At most")), initial=row["most"], required=False, **numbers
        )
        self.fields[f"{key}_time"] = forms.ChoiceField(
            label=labelled(_("Working time")), initial=row["time"], choices=TIME, required=False
        )

    def lines(self):
        """(slot, slot of the preset or None, fields by what they say) of each row, as the page shows them."""
        for key, (row, _kept) in self.rows.items():
            fields = {name: self[f"{key}_{name}"] for name in ("keep", "label", "least", "most", "time")}
            yield slot_of(self.preset, row), None if row["preset"] is None else self.preset.slots[row["preset"]], fields

    def asked(self) -> list[dict]:
        """What adapting.adapt takes."""
        found = [row | self._said(key) for key, (row, _kept) in self.rows.items() if self.cleaned_data[f"{key}_keep"]]
        if post := self.cleaned_data["post"]:
            where, role = post.split(":")
            found.append({"preset": None, "role": int(role), "where": where} | self._said("new"))
        return found

    def _said(self, key):
        said = self.cleaned_data
        return {"label": said[f"{key}_label"].strip()} | {
            name: said[f"{key}_{name}"] for name in ("least", "most", "time")
        }


def _keyed(preset, rows):
    """(key, (row, whether it holds)): the rows of the preset, then the town's own."""
    kept = {row["preset"]: row for row in rows if row["preset"] is not None}
    for row in adapting.preset_rows(preset):
        yield f"p{row['preset']}", (kept.get(row["preset"], row), row["preset"] in kept)
    for number, row in enumerate(row for row in rows if row["preset"] is None):
        yield f"o{number}", (row, True)


def _posts(profile):
    """The posts a row may ask for, grouped by kind of place, of the kinds the town has."""
    levels = {level.kind: level.label for level in profile.scheme.levels.all()}
    wheres = {
        "town": Area.Kind.TOWN.label,
        "village": levels.get("village", Area.Kind.VILLAGE.label),
        "grid": EVERY_GRID,
    }
    wheres |= {kind: levels[kind] for kind in ("small_grid", "micro_grid") if kind in levels}
    return [
        (label, [(f"{where}:{int(role)}", Role(role).label) for role in adapting.roles_at(where)])
        for where, label in wheres.items()
    ]
