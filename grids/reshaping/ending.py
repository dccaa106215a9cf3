"""Ending a place on which nothing lies any more."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from grids import changes
from grids.models import Area, AreaAct
from grids.reshaping import ground
from grids.reshaping.acts import Act, Refused, Result


class End(Act):
    """terms: area (id). Refused while places, households or open cases are there; the refusal lists them."""

    kind = AreaAct.Kind.END
    audited = "area_end"

    def read(self):
        area = ground.place(self.terms["area"])
        self.changed = [area]
        ground.standing(area, self.on)
        if area.kind in (Area.Kind.COUNTY, Area.Kind.TOWN):
            raise Refused(_("A town is not ended here."), "kind")
        self.check_ends([area])
        if found := holding(area):
            words = {"area": area, "what": gettext(", ").join(found)}
            raise Refused(_("%(area)s cannot end yet. There are still: %(what)s. Move or close these first."), "held",
                          words)  # fmt: skip

    def do(self):
        result = Result()
        self.reshape(result, closing=self.changed)
        return result


def holding(area) -> list[str]:
    """In words what keeps a place from ending."""
    below = list(area.children.filter(ended_on__isnull=True).order_by("code").values_list("name", flat=True)[:5])
    count = area.children.filter(ended_on__isnull=True).count()
    found = [f"{one.label} {one.count}" for one in changes.hanging_at(area) if one.holds]
    if below:
        words = ngettext("%(n)d place below it (%(names)s)", "%(n)d places below it (%(names)s)", count)
        more = gettext(" …") if count > len(below) else ""
        found.insert(0, words % {"n": count, "names": gettext(", ").join(below) + more})
    return found
