"""Merging places of one kind under one parent into a new one; both old codes are closed (domain handbook 3.4)."""

from django.utils.translation import gettext_lazy as _

from grids import codes
from grids.models import AreaAct, Post
from grids.places import Opening
from grids.reshaping import ground, outlining, replanting
from grids.reshaping.acts import Act, Refused, Result
from grids.reshaping.moving import MOVABLE
from grids.reshaping.replanting import Replanted


class Merge(Act):
    """terms: areas (ids, two or more), name, code (empty: generated), posts (ids of those that go on at the new place);
    everything that lies below or at them goes to the new place."""

    kind = AreaAct.Kind.MERGE
    audited = "area_merge"

    def read(self):
        self.changed = ground.places(self.terms["areas"])
        self._check()
        for area in self.changed:
            ground.standing(area, self.on)
        self.check_ends(self.changed)
        first = self.changed[0]
        self.above = [first.parent]
        if not self.terms["name"].strip():
            raise Refused(_("Give the new place a name."), "name")
        self.terms["code"] = self.terms.get("code") or codes.following(first.kind, first.parent.code)[0]
        codes.check(first.kind, self.terms["code"], first.parent.code)
        codes.refuse_given([self.terms["code"]])
        wanted = self.terms.get("posts") or []
        self.carried = list(self.posts_at(self.changed).filter(pk__in=wanted).select_related("user", "area"))

    def _check(self):
        if len(self.changed) < 2:
            raise Refused(_("Choose at least two places to merge."), "few")
        if len({(area.parent_id, area.kind) for area in self.changed}) > 1:
            raise Refused(_("Only places of one kind below the same place can be merged."), "parents")
        if self.changed[0].kind not in MOVABLE:
            raise Refused(_("Only what lies below a village can be merged."), "kind")

    @property
    def gives(self):
        return [self.terms["code"]]

    def do(self):
        first = self.changed[0]
        opening = Opening(
            first.kind, self.terms["code"], self.terms["name"].strip(), ground.place(first.parent_id),
            basis=first.basis if len({area.basis for area in self.changed}) == 1 else "",
        )  # fmt: skip
        (new,) = self.open([opening])
        result, outline = Result(opened=[new.pk]), outlining.joined(self.changed, self.on)
        self.reshape(
            result, steps=steps_below(self.changed, new), closing=self.changed,
            heirs={area.pk: new for area in self.changed}, carried=dict.fromkeys(self.carried, new),
        )  # fmt: skip
        outlining.give({new: outline}, self.on)
        return result


def steps_below(areas, new) -> list[Replanted]:
    """The open places directly below some places, to be hung under a new one with codes of theirs."""
    return replant_all([child for area in areas for child in open_children(area)], new)


def open_children(area):
    return list(area.children.filter(ended_on__isnull=True).select_related(*ground.WITH_TREE).order_by("code"))


def replant_all(children, new) -> list[Replanted]:
    """Replanting of places of any kinds under one place; codes are given kind by kind."""
    found = []
    for kind in dict.fromkeys(child.kind for child in children):
        some = [child for child in children if child.kind == kind]
        given = replanting.codes_for(some, new.code)
        found += [Replanted(child, new, code) for child, code in zip(some, given, strict=True)]
    return found


def posts_of(areas, on):
    """The posts that would end with these places, as a person chooses from them."""
    held = Post.objects.filter(area__in=areas).exclude(until_day__lte=on)
    return held.select_related("user", "area").order_by("area__code", "role", "pk")
