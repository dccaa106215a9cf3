"""Whether the tree of places holds together: paths, levels, spans of days, codes, posts, and what upper floors know."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext as _

from common import clock
from common.fields import step
from grids import changes, codes
from grids.levels import Levels
from grids.models import Area, AreaAct, Placement, Post

COUNTS = ("county_id", "town_id", "village_id", "grid_id")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be, at a place (by code)."""

    code: str
    what: str

    def __str__(self):
        return f"{self.code}: {self.what}"


def check() -> list[Finding]:
    """Everything that is wrong, in order of code; empty where the tree holds together."""
    areas = {area.pk: area for area in Area.objects.select_related("anchor").order_by("path").iterator()}
    levels = Levels()
    found = []
    for area in areas.values():
        parent = areas.get(area.parent_id)
        area.parent = parent
        for name in ("county", "town", "village", "grid"):
            setattr(area, name, areas.get(getattr(area, f"{name}_id")))
        found += [Finding(area.code, what) for what in [*_place(area, parent), *_level(area, parent, levels)]]
    found += [Finding(areas[pk].code, what) for pk, what in [*_spans(areas), *_posts(), *_acts()]]
    found += [Finding(code, what) for entry in changes.found_wrong.values() for code, what in entry()]
    return sorted(found, key=lambda one: (one.code, one.what))


def _place(area, parent):
    """Path and days against the parent's."""
    if area.path != (parent.path if parent else "") + step(area.pk):
        yield _("the path does not continue that of the place above")
    if parent and area.ended_on is None and parent.ended_on is not None:
        yield _("open below %(place)s, which has ended") % {"place": parent.code}


def _level(area, parent, levels):
    """Kind, where it counts, code."""
    try:
        levels.check(area.kind, parent, area.anchor)
        counted = Area(pk=area.pk, kind=area.kind, reports=area.reports)
        levels.count_under(counted, parent)
    except ValidationError as wrong:
        yield _("level out of order: %(why)s") % {"why": " ".join(wrong.messages)}
        return
    own = [getattr(area, name) for name in COUNTS]
    if own != [getattr(counted, name) for name in COUNTS]:
        yield _("counts under other places than it lies in")
    if area.ended_on is None:
        hangs_from = area.anchor or parent
        try:
            codes.check(area.kind, area.code, hangs_from.code if hangs_from else "")
        except ValidationError as wrong:
            yield " ".join(wrong.messages)


def _spans(areas):
    """Placements cover the days of a place without a gap, other than between its end and its coming back."""
    spans, back = {}, _came_back()
    for row in Placement.objects.order_by("area_id", "from_day").iterator():
        spans.setdefault(row.area_id, []).append(row)
    for pk, area in areas.items():
        rows = spans.get(pk, [])
        if area.ended_on == area.opened_on:
            continue
        if not rows or rows[0].from_day != area.opened_on or rows[-1].until_day != area.ended_on:
            yield pk, _("its placements do not cover its days")
            continue
        for before, after in zip(rows, rows[1:], strict=False):
            if before.until_day != after.from_day and (pk, after.from_day) not in back:
                yield pk, _("gap in time between %(a)s and %(b)s") % {"a": before.until_day, "b": after.from_day}
        if area.ended_on is None and any(getattr(rows[-1], name) != getattr(area, name) for name in COUNTS):
            yield pk, _("its placement names other places than it lies in")


def _came_back():
    """(place, day) where a place that had ended was there again, because the act was taken back."""
    acts = AreaAct.objects.filter(kind=AreaAct.Kind.REVERSE, state=AreaAct.State.DONE)
    return {(pk, on) for on, ids in acts.values_list("on", "areas") for pk in ids}


def _posts():
    """Posts held on days on which their place is not there."""
    early = Q(from_day__lt=F("area__opened_on"))
    late = Q(area__ended_on__isnull=False) & (Q(until_day__isnull=True) | Q(until_day__gt=F("area__ended_on")))
    for post in Post.objects.filter(early | late).select_related("user"):
        yield post.area_id, _("orphan post: %(role)s, %(name)s") % {
            "role": post.get_role_display(), "name": post.user.name,
        }  # fmt: skip


def _acts():
    """Planned acts whose day has passed."""
    due = AreaAct.objects.filter(state=AreaAct.State.PLANNED, on__lt=clock.today())
    for act in due:
        yield act.town_id, _("act planned for %(day)s was not carried out: %(act)s") % {
            "day": act.on, "act": act.get_kind_display(),
        }  # fmt: skip
