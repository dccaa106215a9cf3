"""Accounts of people: entering, correcting, closing, opening, a new slip. Callers have checked the right."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, devices, guesses, signin, slips
from accounts.models import User
from common import sealed, sounds

MOBILE = re.compile(r"1[3-9]\d{9}")
USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}")


@transaction.atomic
def admit(*, name: str, by, phone="", username="", home_code="") -> User:
    """A new person without a password. Without a user name one is made of the sound of the name. Raises
    ValidationError for a number that is no mobile number or belongs to somebody, or a user name that is taken."""
    phone, username = checked_phone(phone), username.strip().lower()
    if username and not USER_NAME.fullmatch(username):
        raise ValidationError(
            {"username": _("Use small letters, digits, dots and hyphens, beginning with a letter or digit.")}
        )
    if username and User.objects.filter(username=username).exists():
        raise ValidationError({"username": _("This user name is taken.")})
    user = User.objects.create_user(username or free_name(name), name.strip(), phone=phone, home_code=home_code)
    audit.record(by, "person_admit", row=user, area_code=home_code)
    return user


@transaction.atomic
def correct(*, user: User, name: str, phone: str, by) -> User:
    """Corrects name and mobile number; an empty number takes the old one out."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.phone = name.strip(), checked_phone(phone, besides=user)
    user.save(update_fields=["name", "pinyin", "initials", "phone", "phone_index", "phone_tail"])
    audit.record(by, "person_correct", row=user, area_code=user.home_code)
    return user


@transaction.atomic
def close(*, user: User, reason: str, by) -> None:
    """Closes an account: out at the next request, no sign-in, no slip, no known phone. The person's entries stay."""
    if user.pk == by.pk:
        raise ValidationError(_("Nobody closes the own account."), "oneself")
    User.objects.filter(pk=user.pk).update(is_active=False)
    _shut_out(user, by)
    audit.record(by, "person_close", row=user, area_code=user.home_code, reason=reason)


@transaction.atomic
def reopen(*, user: User, by) -> None:
    """The account may be used again, with a new slip."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    audit.record(by, "person_reopen", row=user, area_code=user.home_code)


def reset(*, user: User, by) -> str:
    """Takes back the password and everything signed in with it, and returns the code of a new slip."""
    return reset_all(users=[user], by=by)[user.pk]


@transaction.atomic
def reset_all(*, users, by) -> dict[int, str]:
    """The same for many people at once: {id of the person: code}. Without a password nobody is signed in anywhere."""
    if by is not None and by.pk in {user.pk for user in users}:
        raise ValidationError(_("Nobody resets the own account; change the password instead."), "oneself")
    for user in User.objects.select_for_update().filter(pk__in=[user.pk for user in users]).order_by("pk"):
        if user.has_usable_password():
            user.set_unusable_password()
            user.save(update_fields=["password"])
            _shut_out(user, by)
    guesses.unlock(users)
    return slips.make_all(users=users, by=by)


def _shut_out(user, by):
    signin.end_sessions(user)
    devices.revoke_all(user=user, by=by)
    slips.void(users=[user])


def checked_phone(phone: str, besides=None) -> str:
    """The number without blanks and hyphens; ValidationError for `phone`."""
    plain = re.sub(r"[\s-]", "", phone or "")
    if plain and not MOBILE.fullmatch(plain):
        raise ValidationError({"phone": _("This is no mobile number: eleven digits, beginning with 13 to 19.")})
    owner = User.objects.filter(phone_index=sealed.blind(plain, purpose="phone")) if plain else User.objects.none()
    if besides is not None:
        owner = owner.exclude(pk=besides.pk)
    if owner.exists():
        raise ValidationError({"phone": _("This number belongs to somebody who is entered already.")})
    return plain


def free_name(name: str, taken=()) -> str:
    """zhangsanfeng, zhangsanfeng2, … : the sound of the name, numbered where it is taken (also by `taken`)."""
    base = re.sub(r"[^a-z0-9]", "", sounds.sound(name))[:40] or "person"
    used = set(User.objects.filter(username__startswith=base).values_list("username", flat=True)) | set(taken)
    number = 1
    while (found := base if number == 1 else f"{base}{number}") in used:
        number += 1
    return found if len(found) > 1 else free_name(f"{name}x", taken)
