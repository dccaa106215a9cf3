"""What every kind of act on the tree has in common: it reads and checks on a day, says what it touches, and is done."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from grids import access, changes, places
from grids.changes import PLACE, Upheaval
from grids.models import Area, Post
from grids.past import touch_villages
from grids.reshaping import ground, posts, replanting
from grids.reshaping.ground import Refused

__all__ = ["Act", "Refused", "Result"]


@dataclass
class Result:
    """What was done, as the act keeps it (JSON) for its history and for taking it back."""

    opened: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    moved: list[list] = field(default_factory=list)  # place, where it hung before, its code there
    paths: list[list] = field(default_factory=list)  # path before and since
    renamed: list = field(default_factory=list)  # place, code, name, official name before
    posts: list[dict] = field(default_factory=list)  # posts that ended with their place
    cut: list[list] = field(default_factory=list)  # place that gave some away: its outline before and since
    kept: dict = field(default_factory=dict)  # what the floors above want to find again

    def as_json(self):
        return {name: value for name, value in vars(self).items() if value}


class Act:
    """One act as it would be done on a day. Making it reads the places and raises Refused, with one clear message,
    where it cannot be; `do` carries it out. `terms` are completed by the codes that are given."""

    kind = ""
    audited = ""

    def __init__(self, terms: dict, on: dt.date):
        self.terms, self.on = dict(terms), on
        self.changed: list[Area] = []  # what is changed, with all below it
        self.above: list[Area] = []  # what things hang from, before and after
        self.read()

    def read(self):
        raise NotImplementedError

    def do(self) -> Result:
        raise NotImplementedError

    @property
    def gives(self) -> list[str]:
        """The codes it gives to places."""
        return []

    @property
    def town(self) -> Area:
        place = (self.changed or self.above)[0]
        return place.town or place

    def allow(self, by):
        """PermissionDenied unless the person may change every place concerned; None is the operator's console."""
        if by is not None:
            for area in [*self.changed, *self.above]:
                access.require(by, "area.change", area)

    def lock(self):
        ground.lock(self.changed, self.above)

    # --- for carrying out ---------------------------------------------------------
    def open(self, openings) -> list[Area]:
        """Opens the new places and reads them back with what is above them."""
        opened = places.open_areas(openings=openings, on=self.on, by=None)
        return ground.places([area.pk for area in opened])

    def reshape(self, result: Result, *, steps=(), closing=(), heirs=None, homes=None, carried=None):
        """Hangs places elsewhere, tells the floors, ends what ends; in this order, in one transaction."""
        steps, closing = list(steps), list(closing)
        result.moved += [[one.area.pk, one.area.parent_id, one.area.code] for one in steps]
        moved = replanting.replant(steps, self.on)
        result.paths += [list(pair) for pair in moved.paths]
        result.posts += posts.ending(closing, carried or {}, self.on)
        continued = posts.continue_at(carried or {}, self.on)
        for kept in result.posts:
            kept["continued"] = continued.get(kept["post"])
        upheaval = Upheaval(self.on, moved.paths, moved.areas, heirs or {}, homes or {}, [], continued)
        result.kept |= changes.tell(upheaval)
        touch_villages({(a.town_id, a.village_id) for a in closing if a.village_id}, self.on, None, PLACE)
        if closing:
            places.close(closing, self.on)
            result.closed += [area.pk for area in closing]

    def check_ends(self, areas):
        """Refused where one of the places cannot be gone on the day."""
        for area in areas:
            if area.opened_on >= self.on:
                raise Refused(_("%(area)s opened only on this day. Take that back instead."), "day", {"area": area})
        if why := changes.why_open([area.pk for area in areas], self.on):
            raise Refused(why, "reported")

    def posts_at(self, areas):
        """Posts held at these places on the day or later, as a queryset."""
        return Post.objects.filter(area__in=areas).exclude(until_day__lte=self.on)
