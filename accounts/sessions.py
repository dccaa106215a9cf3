"""How long a session lasts: at a desk fifteen minutes without a request and eight hours in all, longer on an own phone.

GB/T 22239-2019 8.1.4.1 b) asks for a time-out; the numbers are settings.
"""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import resending, second_factor
from common import clock

# functions of (user, day on which the session began): what ended it meanwhile, in words, or ""; upper floors enter
# themselves when ready
ended_by: set[Callable] = set()
WITHOUT_SECOND = {"accounts:second", "accounts:second_set_up", "accounts:sign_out"}
MARK_EVERY = 60  # seconds: the idle mark is written once a minute at most, not with every request


@receiver(user_logged_in)
def begin(sender, request, user, **kwargs):
    if hasattr(request, "session"):
        request.session["begun"] = request.session["seen"] = int(clock.now().timestamp())


def is_over(session) -> bool:
    """Whether its time is up. One that does not say when it began is over."""
    now = clock.now().timestamp()
    age, idle = now - session.get("begun", 0), now - session.get("seen", 0)
    if "device" in session:
        return age > settings.SESSION_OWN_PHONE.total_seconds()
    return age > settings.SESSION_AT_MOST.total_seconds() or idle > settings.SESSION_IDLE.total_seconds()


class SessionLimitMiddleware:
    """Ends a session whose time is up before the page is asked. Stands between who is signed in and whether he must
    be: Django's own middleware then leads to the door and back. A form sent too late is kept and offered again. And an
    administrator without the second factor is led to it and gets nothing else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if _is_public(view) or not request.user.is_authenticated:
            return None
        if is_over(request.session):
            user = request.user
            logout(request)
            if resending.can_be_kept(request):
                return resending.ask_again(request, user)
            messages.info(request, _("You were signed out because nothing was done for a while. Please sign in again."))
            return None
        if why := _ended(request):
            logout(request)
            messages.info(request, why)
            return None
        if not request.session.get("second") and second_factor.is_required(request.user):
            if request.resolver_match.view_name not in WITHOUT_SECOND:
                return redirect("accounts:second" if second_factor.of(request.user) else "accounts:second_set_up")
        now = int(clock.now().timestamp())
        if "device" not in request.session and now - request.session["seen"] >= MARK_EVERY:
            request.session["seen"] = now
        return None


def _ended(request):
    """What ended the session since it began, though nobody touched it: a post that ran out at midnight."""
    begun = dt.datetime.fromtimestamp(request.session["begun"], clock.SHANGHAI).date()
    return next((why for told in ended_by if (why := told(request.user, begun))), "")


def _is_public(view):
    """Open to everybody. The API's views (they have a `cls`) are exempt from Django's own middleware only because they
    check by themselves who is signed in."""
    return not getattr(view, "login_required", True) and not hasattr(view, "cls")
