"""Opening one place below another, with a generated code."""

from django.utils.translation import gettext_lazy as _

from grids import codes
from grids.levels import Levels
from grids.models import Area, AreaAct
from grids.places import Opening
from grids.reshaping import ground
from grids.reshaping.acts import Act, Refused, Result

Kind = Area.Kind


class Open(Act):
    """terms: parent (id), kind, name, code (empty: generated; a village's is given by the statistical bureau), anchor
    (id of the village where a dedicated grid has its office), basis (what it was drawn by, or is dedicated to)."""

    kind = AreaAct.Kind.OPEN
    audited = "area_open"

    def read(self):
        parent = ground.place(self.terms["parent"])
        anchor = ground.place(self.terms["anchor"]) if self.terms.get("anchor") else None
        self.above = [parent, anchor] if anchor else [parent]
        for one in self.above:
            ground.standing(one, self.on)
        kind = self.terms["kind"]
        if kind in (Kind.COUNTY, Kind.TOWN):
            raise Refused(_("A town is not opened here."), "kind")
        if not self.terms["name"].strip():
            raise Refused(_("Give the place a name."), "name")
        Levels().check(kind, parent, anchor)
        self._take_code(kind, anchor or parent)

    def _take_code(self, kind, hangs_from):
        code = (self.terms.get("code") or "").strip()
        if not code and kind == Kind.VILLAGE:
            raise Refused(_("Type the village's twelve-digit division code."), "code")
        self.terms["code"] = code or codes.following(kind, hangs_from.code)[0]
        codes.check(kind, self.terms["code"], hangs_from.code)
        codes.refuse_given([self.terms["code"]])

    @property
    def gives(self):
        return [self.terms["code"]]

    def do(self):
        said = {name: self.terms.get(name) or "" for name in ("official_name", "basis")}
        anchor = self.above[1] if len(self.above) > 1 else None
        opened = self.open([Opening(
            self.terms["kind"], self.terms["code"], self.terms["name"].strip(), self.above[0], anchor, **said
        )])  # fmt: skip
        return Result(opened=[area.pk for area in opened])
