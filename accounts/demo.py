"""The demo town's printed sign-ins, offered at the door in demo mode and never outside it."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User

SIGN_INS = {
    "worker": _("grid worker"),
    "village": _("village centre desk"),
    "director": _("village director"),
    "mediator": _("people's mediator"),
    "liaison": _("discipline liaison"),
    "town": _("town centre staff"),
    "committee": _("party committee"),
    "cadre": _("area cadre"),
    "justice": _("justice office"),
    "lawyer": _("legal adviser"),
    "admin": _("system administrator"),
    "security": _("security administrator"),
    "audit": _("audit administrator"),
}


def offered():
    """(user name, what the person is, name) of every demo sign-in that exists; nothing outside demo mode."""
    if not settings.DEMO:
        return []
    names = dict(User.objects.filter(username__in=SIGN_INS, is_active=True).values_list("username", "name"))
    return [(username, role, names[username]) for username, role in SIGN_INS.items() if username in names]
