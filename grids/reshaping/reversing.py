"""Taking an act back by a new one, effective today, while nothing was recorded on the places it made."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from grids import access, changes, codes, places
from grids.changes import PLACE, Upheaval
from grids.models import Area, AreaAct
from grids.past import touch_villages
from grids.reshaping import ground, outlining, posts, renaming, replanting
from grids.reshaping.acts import Refused
from grids.reshaping.replanting import Replanted

State = AreaAct.State


def reverse(*, act: AreaAct, by, client_id=None) -> AreaAct:
    """Takes an act back: what it opened ends, what it ended is there again, what it moved hangs where it hung, under
    the code it had. Days before today stay as they were. Returns the new act; Refused where it cannot be."""
    with transaction.atomic():
        row = AreaAct.objects.select_for_update(of=("self",)).select_related("town").get(pk=act.pk)
        if row.state == State.REVERSED:
            return row.reversal  # asked twice
        if by is not None:
            access.require(by, "area.change", row.town)
        check(row)
        _Back(row).lock()
        check(row)
        new = AreaAct.objects.create(
            kind=AreaAct.Kind.REVERSE, town=row.town, on=clock.today(), terms={"act": row.pk}, areas=row.areas,
            reverses=row, by=by, client_id=client_id, state=State.DONE, done_at=clock.now(),
        )  # fmt: skip
        _Back(row).do(new.on)
        row.state = State.REVERSED
        row.save(update_fields=["state"])
        if by is not None:
            audit.record(by, "area_act_reverse", row=row, area_code=row.town.code)
    return new


def why_not(act: AreaAct) -> str:
    """Why an act cannot be taken back now; "" where it can."""
    try:
        check(act)
    except Refused as refusal:
        return " ".join(refusal.messages)
    return ""


def check(act: AreaAct) -> None:
    """Refused where the act is not done, a later one stands on it, or something was recorded on its places."""
    if act.state != State.DONE or act.kind in (AreaAct.Kind.REVERSE, AreaAct.Kind.CORRECT):
        raise Refused(_("Only an act that was carried out is taken back; a correction is corrected again."), "state")
    others = AreaAct.objects.filter(areas__overlap=act.areas).exclude(pk=act.pk)
    if planned := others.filter(state=State.PLANNED).first():
        raise Refused(_("An act planned on %(day)s stands on it. Withdraw that first."), "planned", {
            "day": planned.on.isoformat(),
        })  # fmt: skip
    later = others.filter(state=State.DONE, pk__gt=act.pk).exclude(kind=AreaAct.Kind.REVERSE).order_by("-pk").first()
    if later:
        raise Refused(_("A later act of %(day)s (%(act)s) stands on it. Take that back first."), "later", {
            "day": later.on.isoformat(), "act": later.get_kind_display(),
        })  # fmt: skip
    for area in ground.places(_hung_from(act)):
        ground.standing(area, clock.today())
    opened = act.outcome.get("opened", [])
    below = Area.objects.filter(parent__in=opened, ended_on__isnull=True)
    below = below.exclude(pk__in=[moved[0] for moved in act.outcome.get("moved", [])])
    if one := below.first():
        raise Refused(_("%(area)s was opened or moved there since."), "below", {"area": one})
    if words := changes.recorded_since(opened, act.on, act.outcome.get("kept", {})):
        raise Refused(_("Something was recorded there since: %(what)s."), "recorded", {"what": words})


def _hung_from(act) -> set[int]:
    """Ids of the places from which something would hang again: they must be there still, unless they come back too."""
    closed = set(act.outcome.get("closed", []))
    parents = set(Area.objects.filter(pk__in=closed, parent__isnull=False).values_list("parent", flat=True))
    return (parents | {parent for _pk, parent, _code in act.outcome.get("moved", [])}) - closed


class _Back:
    """The way back of one act."""

    def __init__(self, act):
        self.act, outcome = act, act.outcome
        self.opened = ground.places(outcome.get("opened", []))
        self.closed = ground.places(outcome.get("closed", []))
        self.moved = outcome.get("moved", [])

    def lock(self):
        moved = ground.places([pk for pk, _parent, _code in self.moved])
        above = {area.pk: area for area in ground.places({parent for _pk, parent, _code in self.moved})}
        above |= {area.parent_id: area.parent for area in [*self.opened, *self.closed] if area.parent_id}
        renamed = ground.places(self.act.outcome.get("renamed", [])[:1])
        changed = [*self.opened, *self.closed, *moved, *renamed]
        ground.lock(changed, [area for pk, area in above.items() if pk not in {one.pk for one in changed}])

    def do(self, on: dt.date):
        self._reopen(on)
        upheaval = replanting.replant(self._steps(), on)
        back = posts.restore(self.act.outcome.get("posts", []), on)
        homes = {int(pk): area for pk, area in self._homes().items()}
        heirs = {area.pk: self.closed[0] for area in self.opened} if self.closed else {}
        changes.tell(Upheaval(
            on, upheaval.paths, upheaval.areas, heirs, homes, [area.pk for area in self.closed],
            self._continued(back),
        ))  # fmt: skip
        self._rename(on)
        touch_villages(self._villages(), on, None, PLACE)
        if self.opened:
            places.close(self.opened, on)

    def _reopen(self, on):
        Area.objects.filter(pk__in=[area.pk for area in self.closed]).update(ended_on=None)
        replanting.continue_placements(self.closed, on)
        outlining.bring_back(self.act, self.closed, on)
        self.closed = ground.places([area.pk for area in self.closed])

    def _continued(self, back):
        """Post at the new place -> the post held again at the old one."""
        kept = self.act.outcome.get("posts", [])
        return {one["continued"]: back[one["post"]].pk for one in kept if one.get("continued") and one["post"] in back}

    def _steps(self):
        found = []
        for pk, parent, code in self.moved:
            area = ground.place(pk)
            if area.code != code:
                codes.refuse_given([code], pk)
            found.append(Replanted(area, ground.place(parent), code))
        return found

    def _homes(self):
        """Household -> the place it came from."""
        kept = self.act.outcome.get("kept", {}).get("households", {})
        known = {area.pk: area for area in ground.places(set(kept.values()))}
        return {home: known[area] for home, area in kept.items()}

    def _rename(self, on):
        if self.act.outcome.get("renamed"):
            pk, code, name, official_name = self.act.outcome["renamed"]
            renaming.rename(ground.place(pk), on, name, official_name, code)

    def _villages(self):
        return {(area.town_id, area.village_id) for area in [*self.opened, *self.closed] if area.village_id}
