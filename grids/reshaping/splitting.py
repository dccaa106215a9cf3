"""Splitting a place into parts: which places or households below it go where is chosen one by one."""

from django.utils.translation import gettext_lazy as _

from grids import codes
from grids.models import AreaAct
from grids.places import Opening
from grids.reshaping import ground, outlining
from grids.reshaping.acts import Act, Refused, Result
from grids.reshaping.merging import open_children, replant_all
from grids.reshaping.moving import MOVABLE


class Split(Act):
    """terms: area (id); keeps (bool: it stays as the first part, under its own name and code, else it ends);
    parts: [{name, areas: [ids], households: [ids], code}], of a place that keeps only the new ones; rest: number of
    the part that takes what lies at the place itself and is named nowhere (where it ends); posts: {post id: number of
    the part at which its holder goes on} (where it ends)."""

    kind = AreaAct.Kind.SPLIT
    audited = "area_split"

    def read(self):
        area = ground.place(self.terms["area"])
        self.changed, self.above = [area], [area.parent]
        ground.standing(area, self.on)
        self.keeps, self.parts = bool(self.terms.get("keeps")), [dict(part) for part in self.terms["parts"]]
        self._check(area)
        self._assign(area)
        if not self.keeps:
            self.check_ends([area])
        self._take_codes(area)
        chosen = {int(pk): number for pk, number in (self.terms.get("posts") or {}).items()}
        held = [] if self.keeps else self.posts_at([area]).filter(pk__in=chosen)
        self.carried = {post: self._part_number(chosen[post.pk]) for post in held}

    def _check(self, area):
        if area.kind not in MOVABLE:
            raise Refused(_("Only what lies below a village can be split."), "kind")
        if len(self.parts) + self.keeps < 2:
            raise Refused(_("A split needs at least two parts."), "few")
        if any(not part["name"].strip() for part in self.parts):
            raise Refused(_("Give every new part a name."), "name")
        names = [part["name"].strip() for part in self.parts]
        if len(set(names)) < len(names):
            raise Refused(_("Two parts have the same name."), "name")

    def _assign(self, area):
        """Every place below goes to one part; what stays is only possible where the place itself stays."""
        self.children = {child.pk: child for child in open_children(area)}
        named = [pk for part in self.parts for pk in part.get("areas") or []]
        if len(set(named)) < len(named) or not set(named) <= set(self.children):
            raise Refused(_("A place below %(area)s is named in two parts, or lies there no more."), "areas", {
                "area": area,
            })  # fmt: skip
        if not self.keeps and (left := [child.name for pk, child in self.children.items() if pk not in named]):
            raise Refused(_("Say to which part these belong: %(names)s."), "left", {"names": "、".join(left[:10])})
        homes = [pk for part in self.parts for pk in part.get("households") or []]
        if len(set(homes)) < len(homes):
            raise Refused(_("A household is named in two parts."), "households")
        if self.keeps and any(not (part.get("areas") or part.get("households")) for part in self.parts):
            raise Refused(_("Say which places or households the new part takes."), "empty")

    def _part_number(self, number):
        if not 0 <= int(number) < len(self.parts):
            raise Refused(_("There is no such part."), "part")
        return int(number)

    def _take_codes(self, area):
        hangs_from = area.parent.code
        for part in self.parts:
            beside = [other["code"] for other in self.parts if other.get("code")]
            part["code"] = part.get("code") or codes.following(area.kind, hangs_from, beside=beside)[0]
            codes.check(area.kind, part["code"], hangs_from)
        codes.refuse_given([part["code"] for part in self.parts])
        self.terms["parts"] = self.parts

    @property
    def gives(self):
        return [part["code"] for part in self.parts]

    def do(self):
        (area,) = self.changed
        parent = ground.place(area.parent_id)
        opened = self.open(
            Opening(area.kind, part["code"], part["name"].strip(), parent, basis=area.basis) for part in self.parts
        )
        steps, homes = [], {}
        for part, new in zip(self.parts, opened, strict=True):
            steps += replant_all([self.children[pk] for pk in part.get("areas") or []], new)
            homes |= dict.fromkeys(part.get("households") or [], new)
        rest = opened[self._part_number(self.terms.get("rest") or 0)]
        result, outlines = Result(opened=[one.pk for one in opened]), self.outlines()
        self.reshape(
            result, steps=steps, closing=[] if self.keeps else [area], homes=homes,
            heirs={} if self.keeps else {area.pk: rest},
            carried={post: opened[number] for post, number in self.carried.items()},
        )  # fmt: skip
        outlining.give(dict(zip(opened, outlines, strict=True)), self.on)
        if self.keeps:
            result.cut = outlining.cut(area, outlines, self.on)
        return result

    def outlines(self):
        """Of every part the outline of what it takes; None where that is not known: households have none."""
        taken = [[self.children[pk] for pk in part.get("areas") or []] for part in self.parts]
        return [outlining.joined(areas, self.on) for areas in taken]
