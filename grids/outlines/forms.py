"""Forms of boundaries: drawing or sending one, taking one out of force, sending many, asking where a point lies."""

import re

import numpy as np
from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock, confined
from grids.models import Boundary
from grids.outlines import datums, files, shapes
from grids.outlines.drawing import Drawing, Origin

ACCEPT = ".geojson,.json,.kml,.kmz,.zip"
DEGREES = [(datums.WGS84, _("WGS84 or CGCS2000")), (datums.GCJ02, _("GCJ-02 (AMap, Tencent, WeChat)"))]


class SentForm(forms.Form):
    """What every form with an outline asks for: in which coordinates, from when, by whom measured."""

    file = forms.FileField(
        label=_("File"), help_text=_("GeoJSON, KML or a zipped Shapefile, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip
    datum = forms.ChoiceField(label=_("Coordinate system"), choices=datums.CHOICES, required=False)
    from_day = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    surveyed = forms.BooleanField(label=_("Measured by surveyors (else it is marked as a sketch)"), required=False)

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"from_day": clock.today()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def read(self, upload):
        """The file's outlines; what is wrong with it stands at its field."""
        try:
            return files.read(upload, self.cleaned_data.get("datum", ""))
        except files.FileRefused as refused:
            self.add_error("file", str(refused))
            return None


class DrawForm(SentForm):
    """One area's boundary: drawn on the map (which fills the text), pasted, or out of a file."""

    outline = forms.CharField(
        label=_("Coordinates"), required=False, strip=True,
        help_text=_("One point on each line, longitude first: 112.7012, 36.9034. Or GeoJSON. Drawing fills this in."),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )  # fmt: skip
    drawn = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, where it shall stand in spite of a warning"), max_length=200, required=False
    )
    field_order = ["outline", "drawn", "file", "datum", "from_day", "surveyed", "reason"]

    def __init__(self, *args, area, **kwargs):
        super().__init__(*args, **kwargs)
        self.area, self.drawing, self.origin = area, None, None
        self.fields["file"].required = False

    def clean(self):
        said = super().clean()
        if said.get("file"):
            self._of_file(said["file"])
        elif said.get("outline"):
            self._of_text(said["outline"], said.get("datum", ""))
        elif "file" not in self.errors:
            self.add_error("outline", _("Draw the boundary, paste its coordinates or choose a file."))
        return said

    def _of_text(self, text, datum):
        source = Boundary.Source.DRAWN if self.cleaned_data.get("drawn") else Boundary.Source.TYPED
        try:
            polygons = shapes.typed(text)
            points = np.array([point for polygon in polygons for ring in polygon for point in ring])
            datum = datum or datums.guess(points)
        except confined.Refused as refused:
            self.add_error("outline", shapes.refusal(refused).text)
        except datums.NoDatum as unknown:
            self.add_error("datum", str(unknown))
        else:
            self._take(polygons, source, datums.WGS84 if source == Boundary.Source.DRAWN else datum)

    def _of_file(self, upload):
        sheet = self.read(upload)
        if sheet is None:
            return
        outline = self._mine(sheet.outlines)
        if outline is None:
            text = _("The file holds %(count)s outlines and none of them says that it is %(area)s.")
            self.add_error("file", text % {"count": len(sheet.outlines), "area": self.area})
        elif wrong := files.why(outline):
            self.add_error("file", wrong.text)
        else:
            self._take(outline["polygons"], Boundary.Source.FILE, sheet.datum)

    def _mine(self, outlines):
        """The outline of this area: by code, by name, or the only one that says nothing."""
        for key, value in (("code", self.area.code), ("name", self.area.name)):
            found = [one for one in outlines if one[key] == value]
            if len(found) == 1:
                return found[0]
        only = outlines[0] if len(outlines) == 1 else None
        return only if only and not only["code"] else None

    def _take(self, polygons, source, datum):
        self.drawing = Drawing(self.area, polygons)
        self.origin = Origin(
            source, datum, self.cleaned_data.get("surveyed", False), self.cleaned_data.get("reason", "")
        )  # fmt: skip


class EndForm(forms.Form):
    """From when an area has no boundary any more, and why."""

    on = forms.DateField(
        label=_("Out of force from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    why = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"initial": {"on": clock.today()}} | kwargs)


class WhereForm(forms.Form):
    """A point as people write it down: two numbers, in whichever order."""

    point = forms.CharField(
        label=_("Longitude and latitude"), max_length=60,
        help_text=_("For example 112.7012, 36.9034. The order does not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    datum = forms.ChoiceField(label=_("Coordinate system"), choices=DEGREES, initial=datums.WGS84, required=False)

    def clean_point(self):
        """(east, north): in China the longitude is always the larger number."""
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", self.cleaned_data["point"])]
        west, south, east, north = shapes.CHINA
        if len(numbers) == 2 and west <= max(numbers) <= east and south <= min(numbers) <= north:
            return max(numbers), min(numbers)
        raise forms.ValidationError(
            _("Write two numbers in degrees: a longitude (73 to 136) and a latitude (3 to 54).")
        )

    def asked(self) -> tuple:
        """The point in WGS84."""
        datum = self.cleaned_data.get("datum") or datums.WGS84
        east, north = datums.to_degrees(np.array([self.cleaned_data["point"]]), datum)[0]
        return float(east), float(north)


class ConfirmForm(forms.Form):
    """Putting what was read in force."""

    reason = forms.CharField(
        label=_("Reason why the outlines stand in spite of the warnings"), max_length=200, required=False
    )
