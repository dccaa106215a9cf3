"""A form that was sent after the session had ended: what was typed is carried over the sign-in and offered again."""

from django.core import signing
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

SALT = "accounts.resending"
MOST = 200_000  # characters of all fields together
KEPT_FOR = 12 * 3600  # seconds
SECRET = ("password", "code", "token")


def can_be_kept(request) -> bool:
    """Plain forms only: no files, no passwords or codes, and not what a script sends and keeps itself."""
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    if request.method != "POST" or request.content_type not in kinds or request.FILES:
        return False
    if any(word in name for name in request.POST for word in SECRET if name != "csrfmiddlewaretoken"):
        return False
    return sum(len(text) for values in request.POST.lists() for text in values[1]) <= MOST


def ask_again(request, user):
    """The door, holding the form of this very person."""
    from accounts.forms import SignInForm

    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [pair for pair in fields if pair[0] != "csrfmiddlewaretoken"]
    kept = signing.dumps([user.pk, request.get_full_path(), fields], salt=SALT, compress=True)
    form = SignInForm(request, initial={"username": user.username})
    return render(request, "accounts/sign_in.html", {"form": form, "kept": kept}, status=403)


def offered(kept: str, user):
    """(address, fields) of the form that was kept for this person, or None: somebody else's is dropped."""
    try:
        owner, address, fields = signing.loads(kept, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    local = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return (address, fields) if owner == user.pk and local else None
