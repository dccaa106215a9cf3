"""Correcting what was entered wrongly of a post (role, place, days), backwards up to the last signed ledger."""

import datetime as dt
from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from common.fields import subtree
from grids import access, changes, handing_over, past, staffing
from grids.models import Area, Post
from grids.roles import ADMINISTRATORS, GRIDS, PLACES, Role

FIXED = ADMINISTRATORS | {Role.LINKED_MEMBER}  # three administrators apart; a member's post follows the links


@dataclass(frozen=True)
class Held:
    """Which post it was, and from when until when."""

    role: int
    area: Area
    from_day: dt.date
    until_day: dt.date | None

    @classmethod
    def of(cls, post):
        return cls(post.role, post.area, post.from_day, post.until_day)


@staffing.act
def correct_post(
    *, post: Post, by, role: int, area: Area, from_day: dt.date, until_day: dt.date | None, reason: str
) -> Post:
    """Writes what the post was in truth, `until_day` being the first day without it (None: it is held). Days a signed
    ledger holds stay as they were signed; touched days after it count anew. Raises ValidationError with one clear
    message and changes nothing where that cannot be, PermissionDenied without the right at both places."""
    post = Post.objects.select_for_update(of=["self"]).select_related("area", "user").get(pk=post.pk)
    User.objects.select_for_update(no_key=True).get(pk=post.user_id)  # two appointments at once see each other
    was, becomes = Held.of(post), Held(int(role), area, from_day, until_day)
    if by is not None:
        for held in (was, becomes):
            access.require(by, staffing.change_of(held.role), held.area)
    if not reason.strip():
        raise ValidationError(_("Say what was wrong, so that the correction can be understood later."), "reason")
    _check(post, was, becomes)
    spans = changed_days(was, becomes)
    _keep_what_is_signed(spans)
    with pghistory.context(reason=reason.strip()):
        _write(post, becomes)
    for place, first, until in spans:
        if Role.GRID_WORKER in (was.role, becomes.role):
            past.touch_reporting([place], first, until)
    if by is not None:
        audit.record(by, "post_correct", row=post, area_code=was.area.code, reason=reason.strip())
    staffing.sign_out_without_post([post.user])
    return post


def changed_days(was: Held, becomes: Held) -> list[tuple[Area, dt.date, dt.date | None]]:
    """(place, first day, first day after) of the days on which it was another post there than it becomes."""
    if (was.role, was.area) != (becomes.role, becomes.area):
        return [(held.area, held.from_day, held.until_day) for held in (was, becomes)]
    found = []
    if was.from_day != becomes.from_day:
        found.append((was.area, *sorted([was.from_day, becomes.from_day])))
    if was.until_day != becomes.until_day:
        ends = sorted([was.until_day, becomes.until_day], key=lambda day: day or dt.date.max)
        found.append((was.area, *ends))
    return found


def places_for(post: Post):
    """Where the post may have been in truth: its village, and the places of its kind in the town."""
    area = post.area
    if area.town_id is None or area.kind == Area.Kind.TOWN:
        return Area.objects.filter(pk=area.pk)
    same_village = subtree(area.village.path)
    same_kind = Q(town=area.town_id, kind__in=GRIDS if area.kind in GRIDS else ["village"])
    return Area.objects.filter(same_village | same_kind).exclude(ended_on=F("opened_on")).order_by("code")


def _check(post, was, becomes):
    if was == becomes:
        raise ValidationError(_("Nothing is changed by this."), "same")
    if becomes.until_day and becomes.until_day <= becomes.from_day:
        raise ValidationError(_("The first day without the post must come after its first day."), "day")
    if was.role != becomes.role and {was.role, becomes.role} & FIXED:
        raise ValidationError(_("This role is not corrected: end the post, and appoint to the right one."), "role")
    _check_place(post, becomes)
    if (was.role, was.area) != (becomes.role, becomes.area):
        _refuse_with_work(post)
    _check_others(post, becomes)


def _check_place(post, becomes):
    area = becomes.area
    if area.kind not in PLACES[becomes.role]:
        raise ValidationError(
            _("%(role)s: there is no such post at %(area)s."), "place",
            {"role": Role(becomes.role).label, "area": area},
        )  # fmt: skip
    if area.pk != post.area_id and not places_for(post).filter(pk=area.pk).exists():
        raise ValidationError(_("%(area)s is not a place this post can have been at."), "place", {"area": area})
    ends_late = area.ended_on and (becomes.until_day is None or becomes.until_day > area.ended_on)
    if becomes.from_day < area.opened_on or ends_late:
        raise ValidationError(_("%(area)s was not open on all of these days."), "day", {"area": area})


def _refuse_with_work(post):
    """Cases stay with a post whose holder can act on them."""
    work = [f"{one.label} {count}" for _name, one, count in handing_over.open_work(post) if not one.on_wish]
    if work:
        words = {"work": gettext(", ").join(work)}
        raise ValidationError(_("Open work hangs on this post (%(work)s). Hand it over first."), "work", words)


def _check_others(post, becomes):
    """The same post is held once at a time, and an administrator holds no other."""
    others = Post.objects.filter(user=post.user_id).exclude(pk=post.pk).exclude(until_day__lte=becomes.from_day)
    if becomes.until_day:
        others = others.filter(from_day__lt=becomes.until_day)
    if others.filter(area=becomes.area, role=becomes.role).exists():
        raise ValidationError(_("%(user)s already holds this post."), "held", {"user": post.user})
    apart = others if becomes.role in ADMINISTRATORS else others.filter(role__in=ADMINISTRATORS)
    if apart.exists():
        raise ValidationError(_("An administrator holds no other post on the same day."), "administrator")


def _keep_what_is_signed(spans):
    for place, first, _until in spans:
        settled = changes.last_settled_day(place)
        if settled and first <= settled:
            words = {"area": place.village or place, "day": settled.isoformat(),
                     "next": (settled + dt.timedelta(days=1)).isoformat()}  # fmt: skip
            raise ValidationError(
                _("The ledgers of %(area)s are signed up to %(day)s, and stay as they were signed. Only what began on "
                  "%(next)s or later can be corrected; otherwise end the post and appoint anew."), "signed", words,
            )  # fmt: skip


def _write(post, becomes):
    """The row as it should have been; leave outside its days goes, leave across them is cut."""
    first, until = becomes.from_day, becomes.until_day
    post.leaves.filter(until_day__lte=first).delete()
    post.leaves.filter(from_day__lt=first).update(from_day=first)
    if until:
        post.leaves.filter(from_day__gte=until).delete()
        post.leaves.filter(until_day__gt=until).update(until_day=until)
    post.role, post.area, post.from_day, post.until_day = becomes.role, becomes.area, first, until
    post.save(update_fields=["role", "area", "from_day", "until_day"])
