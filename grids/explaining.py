"""Who may see or do something, and why: the table of rights in words, and one question answered from grids.access."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import clock
from common.fields import on_day, subtree
from grids import access
from grids.models import Area, Leave, Post
from grids.right_words import ACTIONS, REACHES
from grids.rights import AREA, ASSIGNED, FIGURES, TABLES
from grids.roles import Role

finders: dict[str, Callable] = {}  # name -> find(text): a row with an area path, or None; upper floors enter theirs


def enter(name: str, find: Callable) -> None:
    """An upper floor enters how a record is found by its number, in AppConfig.ready(); a test lists all entries."""
    finders[name] = find


def matrix() -> list[tuple]:
    """(business, [(action, its words, {reach: [role labels]})]) of the whole table of rights."""
    return [
        (name, [(action, ACTIONS[action], _by_reach(cells)) for action, cells in table.items()])
        for name, table in TABLES
    ]


def _by_reach(cells) -> dict:
    return {reach: [role.label for role in Role if cells.get(role) == reach] for reach in REACHES}


def of_role(role: int) -> list[tuple]:
    """(business, [(words, reach in words or None)]) of one role: what it may, and what not."""
    return [
        (name, [(ACTIONS[action], REACHES.get(cells.get(role))) for action, cells in table.items()])
        for name, table in TABLES
    ]


def find(text: str):
    """What a number or code names: a place, or a record of the floors above; None when nothing does."""
    text = text.strip()
    return Area.objects.filter(code=text).first() or next(
        (row for find in finders.values() if (row := find(text)) is not None), None
    )


def place_named(text: str, tops) -> Area | None:
    """The one open place of that name below the paths; None when there is none or there are several."""
    below = Q(pk__in=[])
    for top in tops:
        below |= subtree(top)
    found = Area.objects.open_on(clock.today()).filter(below, name=text.strip())[:2]
    return found[0] if len(found) == 1 else None


def all_of(person, tops) -> list[tuple]:
    """(post, [(business, [(words, reach in words)])]) of what a person may today by posts below the paths."""
    return [
        (post, [(name, may) for name, lines in of_role(post.role) if (may := [line for line in lines if line[1]])])
        for post in access.posts(person)
        if any(post.area.path.startswith(top) for top in tops)
    ]


@dataclass
class Answer:
    """Yes or no, whether only figures, and the sentences that say why."""

    yes: bool
    reasons: list = field(default_factory=list)
    figures_only: bool = False


def ask(person, action: str, row) -> Answer:
    """Whether a person may do something to a record or at a place today, as grids.access itself decides, and why."""
    path, posts = access.path_of(row), access.posts(person)
    here = [post for post in posts if path.startswith(post.area.path)]
    full = [post for post in here if access.MAY[action].get(post.role) == AREA]
    if access.may(person, action, path):
        return Answer(True, [_because(person, post, action, AREA) for post in full])
    given = [post for post in posts if access.MAY[action].get(post.role) == ASSIGNED]
    if given and access.assigned(person, action, row):
        return Answer(True, [_because(person, post, action, ASSIGNED) for post in given])
    figures = [post for post in here if access.MAY[action].get(post.role) == FIGURES]
    if figures:
        return Answer(False, [_because(person, post, action, FIGURES) for post in figures], figures_only=True)
    return Answer(False, _why_not(person, action, posts, here, given))


def _because(person, post, action, reach):
    words = _told(person, post) | {"action": ACTIONS[action], "reach": REACHES[reach]}
    if post.user_id == person.pk:
        return _("%(name)s has been %(role)s of %(area)s since %(day)s; this post may %(action)s: %(reach)s.") % words
    return _("%(name)s stands in for %(holder)s, %(role)s of %(area)s; this post may %(action)s: %(reach)s.") % words


def _told(person, post):
    return {
        "name": person.name, "role": post.get_role_display(), "area": post.area.name, "holder": post.user.name,
        "day": date_format(post.from_day, "DATE_FORMAT"),
    }  # fmt: skip


def _why_not(person, action, posts, here, given):
    if not posts:
        return [_("%(name)s holds no post today, and without a post nobody may anything.") % {"name": person.name},
                *_ended(person)]  # fmt: skip
    words = {"name": person.name, "action": ACTIONS[action]}
    if given:
        return [_("%(name)s may %(action)s only where it is assigned to that person, and this is not.") % words]
    if not here:
        return [_("No post of %(name)s reaches this place.") % words, *_ended(person)]
    return [
        _("%(name)s is %(role)s of %(area)s, but this post does not allow to %(action)s.")
        % (_told(person, post) | words)
        for post in here
    ]


def _ended(person):
    """The last post that ended, because that is mostly what the question is about."""
    last = Post.objects.filter(user=person, until_day__lte=clock.today()).select_related("area")
    return [
        _("The post %(role)s of %(area)s ended on %(day)s.")
        % (_told(person, post) | {"day": date_format(post.until_day, "DATE_FORMAT")})
        for post in last.order_by("-until_day")[:1]
    ]


def who(action: str, row, seen) -> list[tuple]:
    """(post, reach) of everybody whose post allows the action there today, stand-ins included; `seen` is a condition
    on posts: whom the asking person may read of. Those to whom single records are assigned are not listed."""
    path = access.path_of(row)
    above = [path[:end] for end in range(6, len(path) + 1, 6)]
    roles = [role for role, reach in access.MAY[action].items() if reach in {AREA, FIGURES}]
    today = clock.today()
    posts = Post.objects.held_on(today).filter(seen, area__path__in=above, role__in=roles)
    away = dict(
        Leave.objects.filter(on_day(today), post__in=posts, stand_in__isnull=False)
        .values_list("post", "stand_in__name")
    )  # fmt: skip
    return [
        (post, REACHES[access.MAY[action][post.role]], away.get(post.pk, ""))
        for post in posts.select_related("user", "area").order_by("role", "area__path", "pk")
    ]
