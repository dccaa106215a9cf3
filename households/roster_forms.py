"""Forms of importing a roster: the file, what its columns mean, what of the preview is listed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grids import access
from grids.models import Area
from households.rosters import columns, telling
from households.rosters.opening import Opened

KINDS = ("village", "town")


def places(user):
    """The villages, and towns as a whole, for which somebody may import a roster."""
    return access.restrict(
        Area.objects.filter(kind__in=KINDS, ended_on=None), user, "household.import", path="path"
    ).order_by("-kind", "code")


class UploadForm(forms.Form):
    """A roster, and the village it is about."""

    area = forms.ModelChoiceField(
        label=_("Village"), queryset=Area.objects.none(), to_field_name="code", empty_label=None,
        help_text=_("For a table of the whole town choose the town; it needs a column 村."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Roster"),
        help_text=_("An .xlsx, .xls or .csv file, one row for each resident, as the village has it."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = places(user)


class ColumnsForm(forms.Form):
    """One choice for every column of a file that may be taken over."""

    def __init__(self, *args, found: Opened, mapping: dict[int, str], with_numbers: bool, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("not taken over"))] + [
            (field.key, field.label) for field in columns.FIELDS if with_numbers or field.key != "id_number"
        ]
        for place, head in enumerate(found.heads):
            if columns.is_dropped(head) or not (head or found.samples(place)):
                continue
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=head or _("(without a head)"), choices=choices, required=False,
                initial=mapping.get(place, ""), help_text="、".join(found.samples(place)),
            )  # fmt: skip

    @property
    def mapping(self) -> dict[int, str]:
        return {int(name.removeprefix("column_")): key for name, key in self.cleaned_data.items() if key}


class EntryFilters(forms.Form):
    """Which lines of the preview are listed."""

    what = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("all")),
            (telling.NEW, _("new households")),
            (telling.JOINS, _("new in a household")),
            (telling.CHANGED, _("changed")),
            (telling.GONE, _("not in the file")),
            (telling.ELSEWHERE, _("another place")),
        ],
    )
    q = forms.CharField(label=_("Name or code"), required=False, max_length=60)

    def of(self, entries: list[dict]) -> list[dict]:
        said = self.cleaned_data if self.is_valid() else {}
        what, text = said.get("what"), (said.get("q") or "").strip()
        return [
            one for one in entries
            if (not what or one["what"] == what)
            and (not text or text in one["name"] or text in one["home"] or text in one["code"])
        ]  # fmt: skip
