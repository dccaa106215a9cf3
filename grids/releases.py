"""Exports with telephone numbers in clear: asked for with a reason and a fresh code, released by a second person, held
sealed for a day and downloaded by the one who asked (handbook 6.4: unmasked exports need two persons)."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit, held, second_factor
from accounts.models import Release, Slip, User
from common import clock, sealed
from common.fields import subtree
from common.spreadsheets import Sheet, written
from grids import access
from grids.models import Area, Post

LASTS = dt.timedelta(hours=24)
APART = dt.timedelta(days=30)  # who printed somebody's slip could have signed in as that person meanwhile
NO_SECOND_FACTOR = gettext_lazy("Set up the second factor in “My account” first: this export asks for its code.")


def ask(*, area: Area, reason: str, code: str, by: User) -> Release:
    """Asks for the people of an area with their numbers. Raises ValidationError without a second factor or with a
    wrong code."""
    access.require(by, "person.export", area)
    if second_factor.of(by) is None:
        raise ValidationError(NO_SECOND_FACTOR, "second_factor")
    if not second_factor.verify(user=by, code=code, spare=False):  # outside the transaction: a wrong code stays counted
        raise ValidationError({"code": second_factor.WrongCode().message})
    with transaction.atomic():
        release = Release.objects.create(asked_by=by, area_code=area.code, reason=reason, until=clock.now() + LASTS)
        audit.record(by, "export_ask", row=release, area_code=area.code, reason=reason)
    return release


@transaction.atomic
def release(*, request: Release, by: User, notes=()) -> Release:
    """A second person lets it go: the file is made once, now, and its people are counted. `notes`: what stands on every
    export. Raises ValidationError when it was decided or has run out."""
    row = _to_decide(request, by)
    area = Area.objects.get(code=row.area_code)
    people = list(with_numbers(area))
    sheet = Sheet(_("People with telephone numbers"), HEAD, (_line(person) for person in people), notes=_notes(row))
    content = written([sheet], notes)
    row.state, row.decided_by, row.decided_at = Release.State.RELEASED, by, clock.now()
    row.count, row.until = len(people), clock.now() + LASTS
    name = f"people-numbers-{row.area_code}-{clock.today():%Y%m%d}.xlsx"
    row.file = held.keep(owner=row.asked_by, purpose="release", name=name, content=content, lasts=LASTS)
    row.save()
    audit.record(by, "export_release", row=row, area_code=row.area_code, reason=_counted(row))
    return row


@transaction.atomic
def refuse(*, request: Release, note: str, by: User) -> Release:
    row = _to_decide(request, by)
    row.state, row.decided_by, row.decided_at, row.note = Release.State.REFUSED, by, clock.now(), note
    row.save()
    audit.record(by, "export_refuse", row=row, area_code=row.area_code, reason=note)
    return row


@transaction.atomic
def download(*, request: Release, by: User) -> tuple[str, bytes]:
    """Name and bytes of the file, for the one who asked alone, as long as he still has the right. On record each
    time."""
    if request.asked_by_id != by.pk or request.file is None or request.file.until <= clock.now():
        raise Http404
    access.require(by, "person.export", Area.objects.get(code=request.area_code))
    audit.record(by, "export_download", row=request, area_code=request.area_code, reason=_counted(request))
    return request.file.name, held.opened(request.file)


def of(user):
    """The person's own requests, newest first."""
    return Release.objects.filter(asked_by=user).order_by("-asked_at", "-pk")


def waiting_for(user):
    """Requests the person may decide: somebody else's, of his areas, not run out."""
    inside = Q(pk__in=[])
    for top in access.paths(user, "person.release"):
        inside |= subtree(top)
    codes = Area.objects.filter(inside).values("code")
    rows = Release.objects.filter(state=Release.State.ASKED, until__gt=clock.now(), area_code__in=codes)
    return rows.exclude(asked_by=user).select_related("asked_by").order_by("asked_at")


def areas(user):
    """Towns and counties whose people the user may ask for."""
    kinds = [Area.Kind.TOWN, Area.Kind.COUNTY]
    return access.restrict(Area.objects.filter(kind__in=kinds), user, "person.export", path="path").order_by("path")


def with_numbers(area: Area):
    """Whoever holds a post in the area today and has a number."""
    held_today = Post.objects.held_on(clock.today()).filter(subtree(area.path, "area__path")).values("user")
    people = User.objects.filter(pk__in=held_today, is_active=True).exclude(phone_index="")
    return people.order_by("pinyin", "pk").prefetch_related("posts__area")


def _to_decide(request, by):
    row = Release.objects.select_for_update(of=["self"]).select_related("asked_by").get(pk=request.pk)
    area = Area.objects.get(code=row.area_code)
    access.require(by, "person.release", area)
    if row.asked_by_id == by.pk:
        raise PermissionDenied("person.release")
    since = clock.now() - APART
    if Slip.objects.filter(user=by, made_by=row.asked_by, made_at__gt=since).exists():
        raise ValidationError(
            _("Your sign-in slip was printed by the one who asks. Somebody else has to decide."), "slip"
        )
    if row.state != Release.State.ASKED or row.until <= clock.now():
        raise ValidationError(_("This request was decided already or has run out."), "late")
    if not access.may(row.asked_by, "person.export", area.path):
        raise ValidationError(_("Whoever asked has no right to it any more."), "right")
    return row


HEAD = [gettext_lazy("Name"), gettext_lazy("Mobile number"), gettext_lazy("Posts")]


def _line(person):
    today = clock.today()
    posts = [p for p in person.posts.all() if p.from_day <= today and (p.until_day is None or p.until_day > today)]
    told = "；".join(f"{post.get_role_display()} {post.area}" for post in posts)
    return [person.name, sealed.opened(person, "phone"), told]


def _notes(row):
    said = {"asked": row.asked_by.name, "day": clock.today().isoformat(), "reason": row.reason}
    return [_("For %(asked)s, %(day)s. Purpose: %(reason)s. Delete it after use; do not pass it on.") % said]


def _counted(row):
    return f"{row.count} people"
