"""Signing in: by user name or mobile number, five failures lock the account for fifteen minutes (GB/T 22239)."""

import datetime as dt

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db.models import F, Q

from accounts import audit
from accounts.models import User
from common import clock, sealed

ATTEMPTS = 5
LOCKED_FOR = dt.timedelta(minutes=15)


class NameOrMobileBackend(BaseBackend):
    """Finds the person by user name or mobile number; the answer never says which part was wrong."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or not password:
            return None
        user = find(username)
        if user is None:
            make_password(password)  # the same work, so that time does not tell whether the name exists
            return None
        if is_locked(user):
            make_password(password)
            audit.record(user, "sign_in_while_locked")
            return None
        if not user.check_password(password):
            _failed(user)
            return None
        if user.failures or user.locked_until:
            User.objects.filter(pk=user.pk).update(failures=0, locked_until=None)
        return user if user.is_active else None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()


def find(name: str) -> User | None:
    """The person with that user name or mobile number."""
    index = sealed.blind(name, purpose="phone")
    found = User.objects.filter(Q(username=name.strip()) | Q(phone_index=index)).order_by("pk")
    return found.first()


def is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > clock.now()


def _failed(user):
    """One more failure; the fifth locks. Counted in the database, so that parallel guesses add up."""
    User.objects.filter(pk=user.pk).update(failures=F("failures") + 1)
    user.refresh_from_db(fields=["failures"])
    if user.failures >= ATTEMPTS:
        User.objects.filter(pk=user.pk).update(failures=0, locked_until=clock.now() + LOCKED_FOR)
        audit.record(user, "sign_in_locked")
