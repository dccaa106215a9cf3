"""A person's own phones: known again by a token, so that a session there lasts, until somebody revokes it."""

import secrets

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Device
from common import clock, sealed

COOKIE = "device"
KEPT_FOR = 400 * 86400  # seconds; browsers keep no cookie longer
AT_MOST = 5  # phones of one person in use
SYSTEMS = ("HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
BROWSERS = ("MicroMessenger", "DingTalk", "HuaweiBrowser", "MiuiBrowser", "Edg", "Firefox", "Chrome", "Safari")


def known(request, user) -> Device | None:
    """The person's device the request comes from, unless it was revoked."""
    token = request.COOKIES.get(COOKIE, "")
    if not token or user is None:
        return None
    return Device.objects.filter(user=user, token_hash=_hashed(token), revoked_at=None).first()


@transaction.atomic
def remember(*, user, agent: str) -> tuple[Device, str]:
    """Makes this browser known as the person's own phone. Returns the device and the token for its cookie (256 bits,
    kept nowhere). The oldest beyond five is revoked."""
    for old in user.devices.filter(revoked_at=None).order_by("-made_at", "-pk")[AT_MOST - 1 :]:
        revoke(device=old, by=user)
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(user=user, token_hash=_hashed(token), label=named(agent))
    audit.record(user, "device_remember", row=device)
    return device, token


@transaction.atomic
def revoke(*, device: Device, by) -> None:
    """The device is unknown from its next request on. The caller has checked that it is `by`'s own, or the right."""
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.revoked_at is not None:
        raise ValidationError(_("This phone has been signed out already."), "revoked")
    Session.objects.filter(session_key=device.session_key).delete()
    device.revoked_at, device.session_key = clock.now(), ""
    device.save(update_fields=["revoked_at", "session_key"])
    audit.record(by, "device_revoke", row=device)


def revoke_all(*, user, by) -> None:
    for device in user.devices.filter(revoked_at=None):
        revoke(device=device, by=by)


def carry(device: Device, session) -> None:
    """The session belongs to the phone: it lasts longer, and ends with it."""
    session["device"] = device.pk
    session.set_expiry(settings.SESSION_OWN_PHONE)
    session.save()
    Session.objects.filter(session_key=device.session_key).exclude(session_key=session.session_key).delete()
    Device.objects.filter(pk=device.pk).update(session_key=session.session_key)


def set_cookie(response, token: str) -> None:
    response.set_cookie(
        COOKIE, token, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def named(agent: str) -> str:
    """What a person recognises a phone by, from the browser's own words: "Android · Chrome"."""
    system = next((name for name in SYSTEMS if name in agent), "")
    browser = next((name for name in BROWSERS if name in agent), "")
    words = {"MicroMessenger": gettext("WeChat"), "DingTalk": gettext("DingTalk"), "Edg": "Edge", "Macintosh": "Mac"}
    return " · ".join(words.get(word, word) for word in (system, browser) if word) or gettext("unknown device")


def _hashed(token):
    return sealed.blind(token, purpose="device")
