"""Moving a place with everything below it under another one of the town."""

from django.utils.translation import gettext_lazy as _

from grids import codes
from grids.levels import Levels
from grids.models import Area, AreaAct
from grids.reshaping import ground, replanting
from grids.reshaping.acts import Act, Refused, Result
from grids.reshaping.replanting import Replanted

MOVABLE = {Area.Kind.GRID, Area.Kind.SMALL_GRID, Area.Kind.GROUP, Area.Kind.MICRO_GRID}


class Move(Act):
    """terms: area, parent (ids), code (empty: generated below the new parent)."""

    kind = AreaAct.Kind.MOVE
    audited = "area_move"

    def read(self):
        area, parent = ground.place(self.terms["area"]), ground.place(self.terms["parent"])
        self.changed, self.above = [area], [parent]
        for one in (area, parent):
            ground.standing(one, self.on)
        self._check(area, parent)
        self.code = self.terms.get("code") or replanting.codes_for([area], parent.code)[0]
        codes.check(area.kind, self.code, parent.code)
        if self.code != area.code:
            codes.refuse_given([self.code], area.pk)
        self.terms["code"] = self.code

    def _check(self, area, parent):
        if area.kind not in MOVABLE:
            raise Refused(_("%(area)s stays where it is: only what lies below a village is moved."), "kind", {
                "area": area,
            })  # fmt: skip
        if parent.path.startswith(area.path):
            raise Refused(_("%(area)s cannot hang from itself or from a place below it."), "cycle", {"area": area})
        if parent.pk == area.parent_id:
            raise Refused(_("%(area)s hangs from %(parent)s already."), "same", {"area": area, "parent": parent})
        if parent.town_id != area.town_id:
            raise Refused(_("%(area)s can only be moved within its town."), "town", {"area": area})
        Levels().check(area.kind, parent)
        if not area.reports and parent.grid_id is None:
            raise Refused(_("%(area)s needs a grid above it."), "level", {"area": area})

    @property
    def gives(self):
        return [self.code] if self.code != self.changed[0].code else []

    def do(self):
        result = Result()
        self.reshape(result, steps=[Replanted(self.changed[0], self.above[0], self.code)])
        return result
