"""Many outlines at once: a file is read, matched to areas by code or name and shown; the confirmation puts them in
force in one transaction, or nothing. Doing it twice changes nothing.

Lines that match no area, or more than one, are told by their number and left out. A wrong outline, two outlines for one
area, or a code and a name that say different areas keep the whole file out: it must be put right first.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from grids import access
from grids.models import Area, Boundary, BoundaryImport
from grids.outlines import drawing, files, shapes
from grids.outlines.drawing import Drawing, Origin
from grids.outlines.shapes import ERROR, WARNING, Remark

NEW, CHANGED, SAME, LEFT_OUT, WRONG = "new", "changed", "same", "left_out", "wrong"
STATES = {
    NEW: _("new"),
    CHANGED: _("differs from the one in force"),
    SAME: _("same as in force"),
    LEFT_OUT: _("left out"),
    WRONG: _("wrong"),
}
TONES = {NEW: "good", CHANGED: "warn", SAME: "calm", LEFT_OUT: "calm", WRONG: "bad"}
KEPT_FOR = dt.timedelta(days=7)  # what was read and never confirmed


@dataclass
class Line:
    """One outline of the file: which area it is taken for, what would happen, what is to be said."""

    number: int
    code: str
    name: str
    area: Area | None = None
    shape: object = None
    state: str = LEFT_OUT
    remarks: list = field(default_factory=list)

    @property
    def label(self):
        return STATES[self.state]

    @property
    def tone(self):
        return TONES[self.state]

    @property
    def square_m(self):
        return f"{shapes.square_m(self.shape):,.0f}" if self.shape is not None else ""


@transaction.atomic
def take_in(*, area: Area, upload, datum: str, surveyed: bool, from_day: dt.date, by) -> BoundaryImport:
    """Reads a file with outlines of places in an area and keeps what was read for the preview; nothing is in force by
    that. Raises FileRefused, PermissionDenied where the person may not change places."""
    access.require(by, "area.change", area)
    sheet = files.read(upload, datum)
    BoundaryImport.objects.filter(applied_at=None, by=by, read_at__lt=clock.now() - KEPT_FOR).delete()
    return BoundaryImport.objects.create(
        area=area, file_name=str(upload.name)[-120:], outlines=sheet.outlines, datum=sheet.datum, surveyed=surveyed,
        from_day=from_day, by=by,
    )  # fmt: skip


class Preview:
    """What confirming an import would do, worked out from what is in force now."""

    def __init__(self, row: BoundaryImport, by):
        self.row, self.by = row, by
        self.lines = [Line(one["number"], one["code"], one["name"]) for one in row.outlines]
        self.polygons = {one["number"]: one["polygons"] for one in row.outlines}
        self._match()
        self._check()

    @cached_property
    def areas(self):
        """The places the file may be about: in the area, open on the day, within the person's sight."""
        return list(Area.objects.open_on(self.row.from_day).visible_to(self.by).in_subtree(self.row.area))

    def _match(self):
        by_code, by_name = {area.code: area for area in self.areas}, {}
        for area in self.areas:
            by_name.setdefault(area.name, []).append(area)
        for line, outline in zip(self.lines, self.row.outlines, strict=True):
            if wrong := files.why(outline):
                line.state = WRONG
                line.remarks.append(wrong)
            self._find(line, by_code.get(line.code), by_name.get(line.name, []))
        for line in self.lines:
            if line.area and self.times[line.area] > 1:
                self._refuse(line, _("The file holds more than one outline for %(area)s."), area=line.area)

    def _find(self, line, coded, named):
        if coded and named and coded not in named:
            self._refuse(line, _("The code says %(one)s, the name says %(other)s."), one=coded, other=named[0])
        elif coded or len(named) == 1:
            line.area = coded or named[0]
        elif named:
            self._leave(line, _("%(count)s places are called %(name)s. Write the code too."), count=len(named),
                        name=line.name)  # fmt: skip
        else:
            self._leave(line, _("No place here has this code or name."))

    @cached_property
    def times(self):
        return Counter(line.area for line in self.lines if line.area)

    def _refuse(self, line, text, **params):
        line.state = WRONG
        line.remarks.append(shapes.error(text, **params))

    def _leave(self, line, text, **params):
        line.remarks.append(Remark(shapes.NOTE, text % params))

    def _check(self):
        meant = {line.area: line for line in self.lines if line.area and line.state != WRONG}
        drawings = [Drawing(area, self.polygons[line.number]) for area, line in meant.items()]
        drawn, remarks = drawing.look(drawings, on=self.row.from_day, by=self.by, datum=self.row.datum)
        standing = drawing.in_force([area.pk for area in meant], self.row.from_day)
        for area, line in meant.items():
            line.shape = drawn.get(area)
            if line.shape is not None and drawing.same(standing.get(area.pk), line.shape, self.row.surveyed):
                line.state = SAME
                continue
            line.remarks += remarks[area]
            line.state = CHANGED if area.pk in standing else NEW
            if any(one.level == ERROR for one in line.remarks):
                line.state = WRONG

    # --- what the page asks ---------------------------------------------------------------

    @cached_property
    def counts(self):
        found = Counter(line.state for line in self.lines)
        return [(state, label, TONES[state], found[state]) for state, label in STATES.items() if found[state]]

    @property
    def to_apply(self):
        return [line for line in self.lines if line.state in (NEW, CHANGED)]

    @property
    def blocked(self):
        return any(line.state == WRONG for line in self.lines)

    @property
    def needs_reason(self):
        return any(one.level == WARNING for line in self.to_apply for one in line.remarks)

    @cached_property
    def without(self):
        """Places of the kinds in the file that it says nothing about."""
        kinds = {line.area.kind for line in self.lines if line.area}
        return [area for area in self.areas if area.kind in kinds and not self.times[area]]


class Blocked(drawing.OutlineRefused):
    """What was read cannot be put in force; `preview` says of which line why."""

    def __init__(self, preview):
        self.preview = preview
        super().__init__({line.area or preview.row.area: line.remarks for line in preview.lines if line.remarks})


@transaction.atomic
def apply(*, row: BoundaryImport, reason: str, by) -> list[Boundary]:
    """Puts the new and changed outlines of an import in force, all or none; an import applied before does nothing.
    Raises OutlineRefused, PermissionDenied where the person may not change places."""
    row = BoundaryImport.objects.select_for_update(of=["self"]).select_related("area").get(pk=row.pk)
    access.require(by, "area.change", row.area)
    if row.applied_at:
        return []
    preview = Preview(row, by)
    if preview.blocked:
        raise Blocked(preview)
    origin = Origin(Boundary.Source.FILE, row.datum, row.surveyed, reason)
    drawings = [Drawing(line.area, preview.polygons[line.number]) for line in preview.to_apply]
    rows = drawing.draw(drawings=drawings, on=row.from_day, by=by, origin=origin)
    row.applied_at = clock.now()
    row.save(update_fields=["applied_at"])
    audit.record(by, "boundary_import", row=row, area_code=row.area.code, reason=reason)
    return rows
