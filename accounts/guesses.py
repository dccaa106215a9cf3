"""How many guesses a name and an address have: django-axes counts them in the database, so that Redis is not needed.

Five failures lock a name for fifteen minutes, for everybody but its owner's known phones; a phone's own failures are
counted apart, so a stranger who guesses does not lock out the person (GB/T 22239-2019 8.1.4.1; ASVS 5.0 6.3.1).
An address is locked at fifty: a hall of sixty people behind one address who all set out with a new password and each
mistype every fourth time fail 20 times with a deviation of 5, and one clumsy person adds five at most, because the
sixth guess at his name is not counted any more. Somebody who tries one password on many names gets fifty of them.
"""

import ipaddress

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.http import HttpRequest

from accounts import devices
from accounts.models import User
from common import sealed

ATTEMPTS = settings.AXES_FAILURE_LIMIT  # of a name, or of a known phone
ATTEMPTS_OF_ADDRESS = 50
LOCKED_FOR = settings.AXES_COOLOFF_TIME


class GuessCounter(AxesDatabaseHandler):
    """Two limits where axes has one: the failures of an address are scaled down to those of a name."""

    def get_failures(self, request, credentials=None):
        since = request.axes_attempt_time - LOCKED_FOR
        recent = AccessAttempt.objects.filter(attempt_time__gte=since)
        key = key_of(request, credentials)
        failures = _sum(recent.filter(username=key))
        if not key.startswith("device"):
            there = recent.filter(ip_address=request.axes_ip_address).exclude(username__startswith="device")
            failures = max(failures, _sum(there) * ATTEMPTS // ATTEMPTS_OF_ADDRESS)
        return failures

    def reset_user_attempts(self, request, credentials=None):
        """Signing in clears the name's failures, never the address's: one's own account must not wash it clean."""
        return AccessAttempt.objects.filter(username=key_of(request, credentials)).delete()[0]


def _sum(attempts):
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def key_of(request, credentials=None) -> str:
    """Under which key a guess is counted: the known phone, or a keyed hash of the name. Whether the name exists makes
    no difference, and what somebody typed is stored nowhere."""
    name = (credentials or {}).get("username") or ""
    kept = request.__dict__.setdefault("guess_keys", {})
    if name not in kept:
        kept[name] = _key(request, name)
    return kept[name]


def _key(request, name):
    user = User.objects.known_as(name).first()
    device = devices.known(request, user) if user else None
    if device is not None:
        return f"device {device.pk}"
    return sealed.blind(user.username if user else name, purpose="guess")


def unlock(users) -> None:
    """Forgets the failures at the names of people to whom an administrator hands out new slips."""
    keys = [sealed.blind(user.username, purpose="guess") for user in users]
    AccessAttempt.objects.filter(username__in=keys).delete()


def one_at_a_time(key: str) -> None:
    """Parallel guesses at the same name wait for each other, so that exactly five are looked at. Inside a
    transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"guess {key}"])


def knock(request) -> HttpRequest:
    """A request with nothing but where it comes from and its cookies: axes writes down what was posted and by which
    browser, and nobody needs that."""
    bare = HttpRequest()
    bare.method, bare.path, bare.COOKIES = request.method, request.path, request.COOKIES
    bare.META = {name: request.META[name] for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR") if name in request.META}
    return bare


def address(request) -> str | None:
    """The address of the person's side. Only what the configured number of own proxies wrote is believed: the part of
    X-Forwarded-For that many from the right; whatever stands left of it can be made up."""
    count = settings.TRUSTED_PROXIES
    parts = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    told = parts[-count] if count and len(parts) >= count else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return None


def told_in_logs(username, ip_address, user_agent, path_info, request) -> str:
    """How axes names a client in the log: by address only."""
    return f"somebody at {ip_address}"


def answered(request, response, credentials=None):
    """The sign-in page has answered already; axes need not replace it."""
    return response
