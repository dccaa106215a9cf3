"""Sign-in slips: one-time codes on paper, by which a person sets the first password or a new one."""

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Slip, User
from common import clock, sealed

SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for something else: no I, L, O, 0, 1
LENGTH = 10  # of 31 signs: 49 bits
GOOD_FOR = dt.timedelta(days=14)


def make(*, user: User, by) -> str:
    """A new code for a person, in two groups as it is printed. The one before it is void. It is told once and kept
    nowhere. Raises ValidationError for a closed account. The caller has checked the right of `by`."""
    return make_all(users=[user], by=by)[user.pk]


@transaction.atomic
def make_all(*, users, by) -> dict[int, str]:
    """The same for many at once: {id of the person: code}."""
    locked = list(User.objects.select_for_update().filter(pk__in=[user.pk for user in users]).order_by("pk"))
    for user in locked:
        if not user.is_active:
            raise ValidationError(_("The account of %(name)s is closed."), "closed", {"name": user.name})
    void(users=locked)
    codes = {user.pk: "".join(secrets.choice(SIGNS) for _place in range(LENGTH)) for user in locked}
    until = clock.now() + GOOD_FOR
    made = Slip.objects.bulk_create(
        Slip(user=user, code_hash=_hashed(codes[user.pk]), made_by=by, until=until) for user in locked
    )
    audit.record_each(by, "slip_print", made)
    return {pk: f"{code[:5]}-{code[5:]}" for pk, code in codes.items()}


def void(*, users) -> None:
    Slip.objects.filter(user__in=users, ended_at=None).update(ended_at=clock.now())


def in_force(user: User):
    return Slip.objects.filter(user=user, ended_at=None)


def holder(name: str, code: str) -> User | None:
    """The person with that name and a slip in force with that code. One look-up, whether the name exists or not."""
    slips = Slip.objects.filter(ended_at=None, until__gt=clock.now(), user__is_active=True)
    slip = slips.filter(user__in=User.objects.known_as(name), code_hash=_hashed(code)).select_related("user").first()
    return slip.user if slip else None


@transaction.atomic
def use(*, user: User, password: str) -> None:
    """Sets the password for a slip in force and ends the slip. Raises ValidationError when it was used, voided or has
    run out meanwhile."""
    from accounts import passwords

    slip = in_force(user).select_for_update().filter(until__gt=clock.now()).first()
    if slip is None:
        raise ValidationError(_("The code is no longer valid. Please ask for a new slip."), "void")
    slip.ended_at = clock.now()
    slip.save(update_fields=["ended_at"])
    passwords.change(user=user, password=password, by=user)


def _hashed(code):
    return sealed.blind(code.replace("-", ""), purpose="slip")
