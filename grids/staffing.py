"""Who holds which post from when: appointing, ending, handing over, leave and stand-ins."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from grids import access, past
from grids.models import Area, Leave, Post
from grids.roles import ADMINISTRATORS, Role


@transaction.atomic
def appoint(*, user, area: Area, role: int, from_day: dt.date, by, full_time=True) -> Post:
    """Gives a person a post from a day on. `by` is the acting person, None at the operator's console.
    Raises ValidationError where the area is not open then or the person already holds this post."""
    _allow(by, change_of(role), area)
    _keep_administrators_apart(user, role, from_day)
    if from_day < area.opened_on or (area.ended_on and area.ended_on <= from_day):
        raise ValidationError(_("%(area)s is not open on this day."), "day", {"area": area})
    if _held_from(from_day, user=user, area=area, role=role).exists():
        raise ValidationError(_("%(user)s already holds this post."), "held", {"user": user})
    post = Post.objects.create(user=user, area=area, role=role, full_time=full_time, from_day=from_day)
    _coverage_changed(post, from_day)
    _record(by, "post_appoint", post)
    return post


def appoint_many(*, posts) -> list[Post]:
    """Writes many posts at once, at the operator's console only (taking over a town's roster, demo data)."""
    posts = Post.objects.bulk_create(posts, batch_size=2000)
    workers = [post.area for post in posts if post.role == Role.GRID_WORKER]
    if workers:
        past.touch_reporting(workers, min(post.from_day for post in posts))
    return posts


@transaction.atomic
def end_post(*, post: Post, on: dt.date, by) -> Post:
    """Ends a post: `on` is the first day on which it is no longer held. Leave that would reach beyond is cut."""
    post = Post.objects.select_for_update(of=["self"]).select_related("area").get(pk=post.pk)
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
    return post


@transaction.atomic
def hand_over(*, post: Post, to, on: dt.date, by) -> Post:
    """Ends a post and gives it to the next person from the same day, without a gap. Returns the new post."""
    end_post(post=post, on=on, by=by)
    return appoint(user=to, area=post.area, role=post.role, from_day=on, by=by, full_time=post.full_time)


@transaction.atomic
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
