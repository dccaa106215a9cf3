"""Whose account somebody may see and change: a person belongs to the places of the posts, and to the town that entered
the person; acts on accounts need a right at all of them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from accounts import audit, devices, people, second_factor
from accounts.models import User
from common import clock
from common.fields import subtree
from grids import access
from grids.models import Area, Post
from grids.roles import ADMINISTRATORS


def visible(user, action="person.view"):
    """People who hold or held a post within the areas of the right, or were entered there."""
    posts, homes = Q(pk__in=[]), Q(pk__in=[])
    for top in access.paths(user, action):
        posts |= subtree(top, "area__path")
        homes |= subtree(top)
    held = Post.objects.filter(posts, user=OuterRef("pk"))
    codes = Area.objects.filter(homes).values("code")
    return User.objects.filter(Exists(held) | Q(home_code__in=codes))


def fetch(user, action, pk) -> User:
    """One person to open: Http404 outside the areas of `user`, PermissionDenied where he may not."""
    person = visible(user, "area.view").filter(pk=pk).first()
    if person is None:
        raise Http404
    if not visible(user, action).filter(pk=pk).exists():
        raise PermissionDenied(action)
    return person


def require(by, action: str, person: User) -> None:
    """PermissionDenied unless the right holds at every place where the person has a post today; an administrator's
    account is changed by administrators alone."""
    require_all(by, action, [person])


def require_all(by, action: str, persons) -> None:
    """The same for many people, in two look-ups."""
    if by is None:
        return
    held = {person.pk: [] for person in persons}
    for post in Post.objects.held_on(clock.today()).filter(user__in=persons).select_related("area"):
        held[post.user_id].append(post)
    for needed, those in _by_right(action, held).items():
        if visible(by, needed).filter(pk__in=those).count() < len(those):
            raise PermissionDenied(needed)
        if not all(access.may(by, needed, post.area.path) for pk in those for post in held[pk]):
            raise PermissionDenied(needed)


def _by_right(action, held) -> dict:
    """Which right it takes -> ids of the people it is about."""
    found = {}
    for pk, posts in held.items():
        administrates = action == "person.change" and any(post.role in ADMINISTRATORS for post in posts)
        found.setdefault("person.change_administrator" if administrates else action, set()).add(pk)
    return found


def may(by, action, person) -> bool:
    try:
        require(by, action, person)
    except PermissionDenied:
        return False
    return True


def admit(*, name, area: Area, by, phone="", username="") -> User:
    """A new person of a town; posts are given afterwards."""
    if by is not None:
        access.require(by, "person.change", area)
    return people.admit(name=name, phone=phone, username=username, home_code=area.code, by=by)


def correct(*, person, name, phone, by) -> User:
    require(by, "person.change", person)
    return people.correct(user=person, name=name, phone=phone, by=by)


def close(*, person, reason, by) -> None:
    require(by, "person.change", person)
    people.close(user=person, reason=reason, by=by)


def reopen(*, person, by) -> None:
    require(by, "person.change", person)
    people.reopen(user=person, by=by)


def hand_out_slips(*, persons, by) -> list[tuple[User, str]]:
    """A new slip for each, whatever was signed in before is out. All or none."""
    with transaction.atomic():
        require_all(by, "person.change", persons)
        codes = people.reset_all(users=persons, by=by)
    return [(person, codes[person.pk]) for person in persons]


def reveal_phone(*, person, reason, by) -> str:
    """The number in clear, on record with its reason."""
    require(by, "person.change", person)
    return audit.reveal(by, person, "phone", area_code=person.home_code, reason=reason)


def may_call(user, person) -> bool:
    """Whether the person holds a post today at a place where the user works with those in post."""
    held = Post.objects.held_on(clock.today()).filter(user=person).select_related("area")
    return any(access.may(user, "post.phone", post.area.path) for post in held)


def reveal_phone_at_work(*, person, reason, by) -> str:
    """The number of somebody in post in clear, for a call, on record with its reason."""
    if not may_call(by, person):
        raise PermissionDenied("post.phone")
    return audit.reveal(by, person, "phone", area_code=person.home_code, reason=reason)


def revoke_device(*, device, by) -> None:
    require(by, "person.unlock", device.user)
    devices.revoke(device=device, by=by)


def needs_second_factor(user) -> bool:
    """Administrators do (accounts.second_factor.needed_by)."""
    return bool(access.roles(user) & ADMINISTRATORS)


def remove_second_factor(*, person, reason, by) -> None:
    """For somebody who has lost the app and the codes on paper; never one's own."""
    require(by, "person.unlock", person)
    if person.pk == by.pk:
        raise PermissionDenied("person.unlock")
    second_factor.remove(user=person, by=by, reason=reason)
