"""Which posts a town wants filled: the staffing templates of the five towns as data, and what of them is vacant."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from common.fields import subtree
from grids import access
from grids.models import Area, Post, TownProfile
from grids.roles import GRIDS, HELPERS, Role

NUMBERED = GRIDS - {"small_grid"}  # the units that are staffed; small grids below a grid have leaders, no workers
R = Role


@dataclass(frozen=True)
class Slot:
    """One place in a template: at every area of such a kind, at least so many (and at most so many) people in one of
    the roles. `full_time` None: either."""

    label: str
    kinds: frozenset
    roles: frozenset
    least: int
    most: int | None = None
    full_time: bool | None = None

    def takes(self, post) -> bool:
        return post.role in self.roles and self.full_time in {None, post.full_time}


@dataclass(frozen=True)
class Template:
    """How a town staffs its grids. `apart`: nobody fills two of the slots at the same place; `adapted`: the town
    changed rows of the preset of that code."""

    code: str
    name: str
    slots: tuple
    apart: bool = False
    adapted: bool = False


FORCES = frozenset([R.LINKED_MEMBER, R.VOLUNTEER, R.MEDIATOR]) | HELPERS
ONE_LEADER = Slot(_("grid leader"), NUMBERED, frozenset([R.GRID_LEADER]), 1, 1)
TEMPLATES = {  # domain handbook 5.1
    "one-worker": Template("one-worker", _("one worker a grid (故城镇)"), (
        Slot(_("grid worker"), NUMBERED, frozenset([R.GRID_WORKER]), 1, 1),
    )),
    "1-n-x": Template("1-n-x", _("1+N+X: leader, workers, social forces (民乐县)"), (
        ONE_LEADER,
        Slot(_("grid workers"), NUMBERED, frozenset([R.GRID_WORKER, R.GRID_ASSISTANT]), 1),
        Slot(_("social forces"), NUMBERED, FORCES, 0),
    )),
    "1-1-1-n": Template("1-1-1-n", _("1+1+1+N: leader, all-round worker, assistant, others (禹王镇)"), (
        ONE_LEADER,
        Slot(_("all-round grid worker"), NUMBERED, frozenset([R.GRID_WORKER]), 1, 1),
        Slot(_("all-round grid assistant"), NUMBERED, frozenset([R.GRID_ASSISTANT]), 1, 1),
        Slot(_("others"), NUMBERED, FORCES, 0),
    ), apart=True),
    "1-4": Template("1-4", _("one full-time and four part-time workers (下洼镇)"), (
        Slot(_("full-time grid worker"), NUMBERED, frozenset([R.GRID_WORKER]), 1, None, True),
        Slot(_("part-time grid workers"), NUMBERED, frozenset([R.GRID_WORKER]), 4, None, False),
    )),
    "1-12-71": Template("1-12-71", _("1+12+71: township head, village managers, group leaders (泾明乡)"), (
        Slot(_("township head of grids"), frozenset(["town"]), frozenset([R.GRID_LEADER]), 1, 1),
        Slot(_("village grid manager"), frozenset(["village"]), frozenset([R.GRID_LEADER]), 1, 1),
        Slot(_("group grid leader"), frozenset(["group"]), frozenset([R.GRID_WORKER]), 1, 1),
    )),
}  # fmt: skip
WHERE = {  # where a row of the town's own may ask for people
    "town": frozenset(["town"]), "village": frozenset(["village"]), "grid": NUMBERED,
    "small_grid": frozenset(["small_grid"]), "micro_grid": frozenset(["micro_grid"]),
}  # fmt: skip
OF_TOWN = {"gucheng": "one-worker", "minle": "1-n-x", "yuwang": "1-1-1-n", "xiawa": "1-4", "jingming": "1-12-71"}


@dataclass
class Gap:
    """A slot of a place that is not filled as the template says: how many are there, how many are missing (or, below
    zero, too many), vacant since when, and who else is in post there."""

    area: Area
    slot: Slot
    there: int
    missing: int
    since: object
    others: list

    @property
    def role(self) -> int:
        """The role to appoint to."""
        return min(self.slot.roles)


def template_of(town: Area) -> Template | None:
    """The template a town works by, with the town's own rows where it has changed some."""
    profile = TownProfile.objects.filter(pk=town.pk).first()
    preset = TEMPLATES.get(profile.staffing) if profile else None
    if preset is None or profile.staffing_rows is None:
        return preset
    return replace(preset, slots=tuple(slot_of(preset, row) for row in profile.staffing_rows), adapted=True)


def slot_of(preset: Template, row: dict) -> Slot:
    """A stored row as a slot: {"preset": which slot it comes from, or "role" and "where"; "least", "most", "time",
    "label" (empty: that of the preset or of the role)}."""
    if row["preset"] is None:
        base = Slot(Role(row["role"]).label, WHERE[row["where"]], frozenset([Role(row["role"])]), 0)
    else:
        base = preset.slots[row["preset"]]
    return replace(
        base, label=row["label"] or base.label, least=row["least"], most=row["most"],
        full_time={"full": True, "part": False}.get(row["time"]),
    )  # fmt: skip


@transaction.atomic
def choose(*, town: Area, staffing: str, supervision_phone: str, by) -> None:
    """The town says which template it works by ("" for none) and which phone stands on its notices."""
    if by is not None:
        access.require(by, "post.change", town)
    if staffing and staffing not in TEMPLATES:
        raise ValidationError({"staffing": _("There is no such template.")})
    now = TownProfile.objects.filter(pk=town.pk)
    now.exclude(staffing=staffing).update(staffing_rows=None)  # another template begins without the town's own rows
    now.update(staffing=staffing, supervision_phone=supervision_phone)
    if by is not None:
        audit.record(by, "staffing_choose", row=town, area_code=town.code, reason=staffing)


def gaps(place: Area, template: Template) -> list[Gap]:
    """What at a place and below is not staffed as the template says, today, in the order of the tree."""
    today = clock.today()
    kinds = set().union(*(slot.kinds for slot in template.slots))
    areas = Area.objects.open_on(today).in_subtree(place).filter(kind__in=kinds).select_related("village")
    held = defaultdict(list)
    posts = Post.objects.held_on(today).filter(subtree(place.path, "area__path")).select_related("user")
    for post in posts.order_by("role", "from_day"):
        held[post.area_id].append(post)
    found = [
        gap for area in areas.order_by("path") for slot in template.slots
        if area.kind in slot.kinds and (gap := _gap(area, slot, held[area.pk]))
    ]  # fmt: skip
    _add_since(found, today)
    return found


def _gap(area, slot, posts):
    people = {post.user_id for post in posts if slot.takes(post)}
    missing = slot.least - len(people)
    if slot.most is not None and len(people) > slot.most:
        missing = slot.most - len(people)
    if missing == 0 or (missing < 0 and (slot.most is None or len(people) <= slot.most)):
        return None
    others = [post for post in posts if not slot.takes(post) and post.role != R.LINKED_MEMBER]
    return Gap(area, slot, len(people), missing, None, others)


def _add_since(gaps, today):
    """Vacant since the last holder left, else since the place was opened; a place that was never filled as well."""
    ended = Post.objects.filter(area__in=[gap.area.pk for gap in gaps], until_day__lte=today)
    last = {
        (area, role): day for area, role, day in ended.values_list("area", "role").annotate(Max("until_day")).order_by()
    }
    for gap in gaps:
        days = [last[gap.area.pk, role] for role in gap.slot.roles if (gap.area.pk, role) in last]
        gap.since = max(days) if days else gap.area.opened_on


def doubled(place: Area, template: Template) -> list:
    """Posts of people who fill two slots of one place where the template wants different people."""
    if not template.apart:
        return []
    roles = set().union(*(slot.roles for slot in template.slots if slot.least))
    posts = Post.objects.held_on(clock.today()).filter(subtree(place.path, "area__path"), role__in=roles)
    seen = defaultdict(list)
    for post in posts.select_related("user", "area").order_by("area__path", "role"):
        seen[post.area_id, post.user_id].append(post)
    return [posts for posts in seen.values() if len(posts) > 1]
