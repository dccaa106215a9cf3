"""A mark by which a browser tells whose something is, without learning who that is."""

from django.core.exceptions import PermissionDenied
from django.utils.crypto import salted_hmac


def mark(user) -> str:
    """Sixteen hexadecimal digits, the same for a person for good; "" for nobody."""
    if not user.is_authenticated:
        return ""
    return salted_hmac("accounts.opaque", str(user.pk), algorithm="sha256").hexdigest()[:16]


def require(request) -> None:
    """PermissionDenied where a browser sends for somebody (X-Account) who is not the one signed in: a form left on the
    phone by one person is not filed by the next."""
    said = request.headers.get("X-Account")
    if said is not None and said != mark(request.user):
        raise PermissionDenied("account")
