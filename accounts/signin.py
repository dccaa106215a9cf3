"""Signing in and ending sessions: by user name or mobile number, in one answer whatever was wrong."""

from axes.backends import AxesStandaloneBackend
from django.contrib.auth import authenticate, login
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from accounts import audit, devices, guesses, second_factor, slips
from accounts.models import User

BACKEND = "accounts.signin.NameOrMobileBackend"


class NameOrMobileBackend(AxesStandaloneBackend):
    """Finds the person by user name or mobile number, unless too many guesses were made; the answer never says which
    part was wrong."""

    def authenticate(self, request, username=None, password=None, by_slip=False):
        """`by_slip`: the password is the one-time code of a slip."""
        if not username or not password:
            return None
        super().authenticate(request, username=username, password=password)  # PermissionDenied: locked
        if by_slip:
            return slips.holder(username, password)
        user = User.objects.known_as(username).first()
        if user is None or not user.has_usable_password():
            make_password(password)  # the same work, so that time does not tell whether the name exists
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()


def attempt(request, name: str, password: str, **kwargs) -> tuple[User | None, bool]:
    """One guess, looked at only when no other at the same name is. Returns the person or None, and whether the name or
    the address is locked now. Failures stay written, so never call it inside a transaction that may be undone."""
    knock = guesses.knock(request)
    with transaction.atomic():
        guesses.one_at_a_time(guesses.key_of(knock, {"username": name}))
        user = authenticate(knock, username=name, password=password, **kwargs)
        locked = getattr(knock, "axes_locked_out", False)
        if locked and user is None:
            _tell_once(knock, name)
    return user, locked


def _tell_once(knock, name):
    """The guess that locked an existing person's name goes on record; those after it add nothing."""
    if knock.axes_failures_since_start is not None:
        person = User.objects.known_as(name).first()
        if person is not None:
            audit.record(person, "sign_in_locked")


def enter(request, user: User, own_phone=False) -> str | None:
    """Begins a session; `own_phone`: this browser shall be known from now on. An administrator's session lasts as long
    as one at a desk everywhere. Returns the token for the cookie, or None where there is none to set."""
    device, token = devices.known(request, user), None
    login(request, user, backend=BACKEND)
    if device is None and own_phone:
        device, token = devices.remember(user=user, agent=request.headers.get("user-agent", ""))
    if device is not None and not second_factor.is_required(user):
        devices.carry(device, request.session)
    return token


def end_sessions(user: User) -> None:
    """Signs a person out everywhere, from the next request on: for a post that ended, a new password, an account that
    was closed, "sign out everywhere". Known phones stay known, but ask for the password."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
