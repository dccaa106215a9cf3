"""Who holds which post from when: appointing, ending, handing over, leave and stand-ins."""

import contextlib
import datetime as dt
import functools

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from accounts import audit, signin
from accounts.models import User
from common import clock
from grids import access, handing_over, past
from grids.models import Area, Leave, Post
from grids.roles import ADMINISTRATORS, PLACES, Role


def act(function):
    """One transaction, and the history of posts and leave knows who did it."""

    @functools.wraps(function)
    def inner(*, by, **facts):
        told = pghistory.context(user=by.pk) if by is not None else contextlib.nullcontext()
        with transaction.atomic(), told:
            return function(by=by, **facts)

    return inner


@act
def appoint(*, user, area: Area, role: int, from_day: dt.date, by, full_time=True, origin="", public_phone="") -> Post:
    """Gives a person a post from a day on. `by` is the acting person, None at the operator's console.
    Raises ValidationError where the role has no post at such a place, the area is not open then, the person already
    holds this post, or an administrator would hold a second one."""
    _allow(by, change_of(role), area)
    if area.kind not in PLACES[role]:
        raise ValidationError(
            _("%(role)s: there is no such post at %(area)s."), "place", {"role": Role(role).label, "area": area}
        )
    _keep_administrators_apart(user, role, from_day)
    if from_day < area.opened_on or (area.ended_on and area.ended_on <= from_day):
        raise ValidationError(_("%(area)s is not open on this day."), "day", {"area": area})
    if _held_from(from_day, user=user, area=area, role=role).exists():
        raise ValidationError(_("%(user)s already holds this post."), "held", {"user": user})
    post = Post.objects.create(
        user=user, area=area, role=role, full_time=full_time, origin=origin, public_phone=public_phone,
        from_day=from_day,
    )  # fmt: skip
    _coverage_changed(post, from_day)
    _record(by, "post_appoint", post)
    return post


@act
def appoint_at_several(*, user, areas, role: int, from_day: dt.date, by) -> list[Post]:
    """The same post at several places at once: an area cadre looks after a group of villages (片, 管区). Places where
    the person holds it already are left as they are."""
    held = set(_held_from(from_day, user=user, role=role).values_list("area_id", flat=True))
    return [appoint(user=user, area=area, role=role, from_day=from_day, by=by) for area in areas if area.pk not in held]


def appoint_many(*, posts) -> list[Post]:
    """Writes many posts at once, at the operator's console only (taking over a town's roster, demo data)."""
    posts = Post.objects.bulk_create(posts, batch_size=2000)
    workers = [post.area for post in posts if post.role == Role.GRID_WORKER]
    if workers:
        past.touch_reporting(workers, min(post.from_day for post in posts))
    return posts


@act
def change_post(*, post: Post, by, full_time: bool, origin: str, public_phone: str) -> Post:
    """What else is known of a post: full or part time, the holder's origin, the phone on the public notice. The
    history of the post keeps what it was before."""
    post = _locked(post)
    _allow(by, change_of(post.role), post.area)
    post.full_time, post.origin, post.public_phone = full_time, origin, public_phone
    post.save(update_fields=["full_time", "origin", "public_phone"])
    _record(by, "post_change", post)
    return post


@act
def end_post(*, post: Post, on: dt.date, by) -> Post:
    """Ends a post: `on` is the first day on which it is no longer held. Leave that would reach beyond is cut. Who holds
    no post any more is signed out everywhere."""
    post = _locked(post)
    _allow(by, change_of(post.role), post.area)
    if on <= post.from_day or (post.until_day and post.until_day <= on):
        raise ValidationError(_("The post cannot end on this day."), "day")
    before = post.until_day
    post.leaves.filter(from_day__gte=on).delete()
    post.leaves.filter(until_day__gt=on).update(until_day=on)
    post.until_day = on
    post.save(update_fields=["until_day"])
    _coverage_changed(post, on, before)
    _record(by, "post_end", post)
    sign_out_without_post([post.user])
    return post


@act
def withdraw_post(*, post: Post, by) -> None:
    """Takes back a post that was entered by mistake and was not held on any day before today. Its history stays.
    Raises ValidationError where something already hangs on it: then it is ended instead."""
    post = _locked(post)
    _allow(by, change_of(post.role), post.area)
    if post.from_day < clock.today():
        raise ValidationError(_("This post has been held already; end it instead."), "held")
    _record(by, "post_withdraw", post)
    post.leaves.all().delete()
    _coverage_changed(post, post.from_day)
    try:
        post.delete()
    except ProtectedError as hanging:
        raise ValidationError(_("Work already hangs on this post; end it tomorrow instead."), "work") from hanging
    sign_out_without_post([post.user])


@act
def hand_over(*, post: Post, to, on: dt.date, by, along=()) -> Post:
    """Ends a post and gives it to the next person from the same day, without a gap, and moves the open work that hangs
    on it; of the work that moves on wish only what `along` names. History stays with the old post, which also keeps
    its holder's origin. Returns the new post."""
    if on > clock.today():
        raise ValidationError(_("Hand over on the day itself: the open work moves at once."), "day")
    old = end_post(post=post, on=on, by=by)
    new = appoint(
        user=to, area=old.area, role=old.role, from_day=on, by=by, full_time=old.full_time,
        public_phone=old.public_phone,
    )  # fmt: skip
    handing_over.move(old, new, by=by, along=along)
    return new


def sign_out_without_post(users) -> None:
    """Ends all sessions of those who hold no post any more, neither today nor later, and stand in for nobody."""
    today = clock.today()
    for user in users:
        holds = Post.objects.filter(user=user).exclude(until_day__lte=today).exists()
        if not holds and not Leave.objects.filter(stand_in=user, until_day__gt=today).exists():
            signin.end_sessions(user)


@act
def grant_leave(*, post: Post, from_day: dt.date, until_day: dt.date, reason: str, stand_in, by) -> Leave:
    """Days off, from_day <= day < until_day. With a stand-in the duty moves to that person, without one (None) the
    day is excused. Raises ValidationError outside the post's days, on top of other leave, or with oneself."""
    _allow(by, "leave.grant", post.area)
    if stand_in is not None and stand_in.pk == post.user_id:
        raise ValidationError(_("Nobody stands in for himself."), "stand_in")
    if stand_in is not None:
        _keep_administrators_apart(stand_in, post.role, from_day, until_day)
    if until_day <= from_day or from_day < post.from_day or (post.until_day and until_day > post.until_day):
        raise ValidationError(_("The leave must lie within the days of the post."), "day")
    if post.leaves.filter(from_day__lt=until_day, until_day__gt=from_day).exists():
        raise ValidationError(_("Leave is already entered for one of these days."), "leave")
    leave = Leave.objects.create(post=post, reason=reason, stand_in=stand_in, from_day=from_day, until_day=until_day)
    _coverage_changed(post, from_day, until_day)
    _record(by, "leave_grant", post)
    return leave


@act
def withdraw_leave(*, leave: Leave, by) -> None:
    """Takes leave back from today on: days off that are over stay as they were. Raises ValidationError when all are."""
    leave = Leave.objects.select_for_update(of=["self"]).select_related("post__area", "stand_in").get(pk=leave.pk)
    _allow(by, "leave.grant", leave.post.area)
    today = clock.today()
    if leave.until_day <= today:
        raise ValidationError(_("This leave is over; what it excused stays excused."), "over")
    first, until, stand_in = max(leave.from_day, today), leave.until_day, leave.stand_in
    if leave.from_day < today:
        leave.until_day = today
        leave.save(update_fields=["until_day"])
    else:
        leave.delete()
    _coverage_changed(leave.post, first, until)
    _record(by, "leave_withdraw", leave.post)
    sign_out_without_post([stand_in] if stand_in else [])


def _locked(post):
    return Post.objects.select_for_update(of=["self"]).select_related("area", "user").get(pk=post.pk)


def _allow(by, action, area):
    """At the console (by is None) everything is allowed; a person needs the right at the place."""
    if by is not None:
        access.require(by, action, area)


def change_of(role: int) -> str:
    """Which right it takes to appoint to, change or end a post of this role: an administrator is appointed by the
    security administrator alone."""
    return "post.change_administrator" if role in ADMINISTRATORS else "post.change"


def _keep_administrators_apart(user, role, from_day, until_day=None):
    """System, security and audit administrator are three people, and none works on cases (GB/T 22239, 三员分立).
    The person is locked, so that two appointments at once see each other."""
    User.objects.select_for_update().get(pk=user.pk)
    others = Post.objects.filter(user=user).exclude(until_day__lte=from_day)
    if until_day:
        others = others.filter(from_day__lt=until_day)
    if role not in ADMINISTRATORS:
        others = others.filter(role__in=ADMINISTRATORS)
    if other := others.select_related("area").first():
        raise ValidationError(
            _("%(user)s is %(role)s of %(area)s. An administrator holds no other post; end one of the two first."),
            "administrator", {"user": user, "role": other.get_role_display(), "area": other.area},
        )  # fmt: skip


def _held_from(day, **who):
    return Post.objects.filter(**who).exclude(until_day__lte=day)


def _coverage_changed(post, first, until=None):
    """Whether a report is due or excused hangs on the workers of a reporting area: those past days count anew."""
    if post.role == Role.GRID_WORKER:
        past.touch_reporting([post.area], first, until)


def _record(by, act, post):
    if by is not None:
        audit.record(by, act, row=post, area_code=post.area.code)
