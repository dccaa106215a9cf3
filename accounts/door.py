"""The way in: from the right password, over the second factor where there is one, to the page that was wanted."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import devices, resending, second_factor, signin
from accounts.models import User
from common import clock

HALFWAY = 10 * 60  # seconds between the password and the code


def let_in(request, user, own_phone=False, wanted=""):
    """After the password: in, or to the page that asks for the code. `wanted`: an address of ours to go on to."""
    way = {"own_phone": own_phone, "wanted": wanted, "kept": request.POST.get("kept", "")}
    if second_factor.of(user) is None:
        return _enter(request, user, way)
    request.session.flush()
    request.session["half"] = {"user": user.pk, "at": int(clock.now().timestamp()), "way": way}
    return redirect("accounts:second")


def halfway(request) -> User | None:
    """The person whose password was right, up to ten minutes ago."""
    half = request.session.get("half")
    if half is None or clock.now().timestamp() - half["at"] > HALFWAY:
        return None
    return User.objects.filter(pk=half["user"], is_active=True).first()


def pass_on(request, user):
    """After the code."""
    half = request.session.pop("half", None)
    if half is None:
        request.session.cycle_key()
        request.session["second"] = True
        return redirect("home")
    answer = _enter(request, user, half["way"])
    request.session["second"] = True
    return answer


def _enter(request, user, way):
    kept = resending.offered(way["kept"], user)
    token = signin.enter(request, user, own_phone=way["own_phone"])
    if kept:
        answer = render(request, "accounts/resend.html", {"address": kept[0], "fields": kept[1]})
    else:
        local = url_has_allowed_host_and_scheme(way["wanted"], {request.get_host()}, request.is_secure())
        answer = HttpResponseRedirect(way["wanted"] if local else resolve_url(settings.LOGIN_REDIRECT_URL))
    if token:
        devices.set_cookie(answer, token)
    return answer
