"""Finding a person for a post or as a stand-in, and telling what somebody holds and held."""

from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from accounts.models import User
from common import clock
from common.fields import on_day, subtree
from grids import access, people
from grids.models import Area, Leave, Post, PostEvent
from grids.roles import Role

SHOWN = 20  # people offered at once; more than that are found by name


def of_places(by, action: str) -> Q:
    """Posts under the places where the acting person has the right."""
    below = Q(pk__in=[])
    for top in access.paths(by, action):
        below |= subtree(top, "area__path")
    return below


def offered(by, action: str, *, near: Area, text: str = "", chosen: str = "", here_only=False):
    """The people shown to choose from, at most SHOWN: those found by name or user name; without words those in post in
    the village of the place (or, `here_only`, at the place itself), linked members apart. Whoever was chosen before
    stays among them."""
    known = people.visible(by, action).filter(is_active=True)
    if text:
        found = known.filter(Q(name__icontains=text) | Q(username__icontains=text))
    else:
        held = Post.objects.held_on(clock.today()).exclude(role=Role.LINKED_MEMBER)
        place = Q(area=near) if here_only else subtree((near.village or near).path, "area__path")
        found = known.filter(pk__in=held.filter(place).values("user"))
    ids = set(found.order_by("name", "pk").values_list("pk", flat=True)[:SHOWN])
    if chosen.isdecimal() and len(chosen) < 19:
        ids |= set(known.filter(pk=int(chosen)).values_list("pk", flat=True))
    return with_posts(User.objects.filter(pk__in=ids))


def with_posts(users):
    """The people with the posts they hold today as `held`."""
    held = Post.objects.held_on(clock.today()).select_related("area").order_by("role", "area__path")
    return users.prefetch_related(Prefetch("posts", queryset=held, to_attr="held")).order_by("name", "pk")


def told(person) -> str:
    """张三丰 · 网格员, 东良村第一网格; somebody without a post by name and user name."""
    posts = ", ".join(f"{post.get_role_display()} {post.area}" for post in person.held[:2])
    return f"{person.name} · {posts or person.username}"


def around(post) -> Q:
    """Who may stand in for a post: people in post in the same village; for a post above it, at the same place."""
    place = post.area.village or post.area
    same = subtree(place.path, "area__path") if post.area.village_id else Q(area=place)
    held = Post.objects.held_on(clock.today()).filter(same).exclude(role=Role.LINKED_MEMBER).exclude(user=post.user)
    return Q(pk__in=held.values("user"))


def leaves_at(area: Area):
    """Leave at a place and below that runs or is to come, the next first; whoever shows it leaves the reason out."""
    found = Leave.objects.filter(subtree(area.path, "post__area__path"), until_day__gt=clock.today())
    return found.defer("reason").select_related("post__user", "post__area", "stand_in").order_by("from_day", "pk")


@dataclass
class Career:
    """What a person holds and held, within what the reader may see: posts with their leave, newest first."""

    person: User
    now: list = field(default_factory=list)
    before: list = field(default_factory=list)
    stands_in: list = field(default_factory=list)
    history: list = field(default_factory=list)


def career(person, seen: Q) -> Career:
    """`seen` is a condition on posts: what of them the reader may see."""
    today = clock.today()
    posts = Post.objects.filter(seen, user=person).select_related("area").prefetch_related("leaves__stand_in")
    posts = list(posts.order_by("-from_day", "role", "area__path"))
    over = [post for post in posts if post.until_day and post.until_day <= today]
    standing = Leave.objects.filter(on_day(today), stand_in=person).select_related("post__area", "post__user")
    return Career(
        person, [post for post in posts if post not in over], over,
        [leave for leave in standing.order_by("from_day") if leave.post.pk in _visible(seen, standing)],
        _history(posts),
    )  # fmt: skip


def _visible(seen, leaves):
    return set(Post.objects.filter(seen, pk__in=leaves.values("post")).values_list("pk", flat=True))


def _history(posts) -> list[dict]:
    """Every change of these posts as the database kept it, newest first, with who made it where that is known."""
    places = {post.pk: post.area for post in posts}
    events = list(
        PostEvent.objects.filter(pgh_obj_id__in=places).select_related("pgh_context").order_by("-pgh_created_at", "-pk")
    )
    told = {event.pk: event.pgh_context.metadata if event.pgh_context else {} for event in events}
    names = dict(
        User.objects.filter(pk__in={one.get("user") for one in told.values()} - {None}).values_list("pk", "name")
    )
    elsewhere = {event.area_id for event in events} - {area.pk for area in places.values()}
    areas = {area.pk: area for area in [*places.values(), *Area.objects.filter(pk__in=elsewhere)]}
    return [
        {"event": event, "area": areas[event.area_id], "role": Role(event.role).label,
         "by": names.get(told[event.pk].get("user"), ""), "reason": told[event.pk].get("reason", "")}
        for event in events
    ]  # fmt: skip
