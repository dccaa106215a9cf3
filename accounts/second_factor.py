"""The second factor: one-time codes of an app on one's phone (RFC 6238), and ten codes on paper for when it is lost.

GB/T 22239-2019 8.1.4.1 d) asks two factors of administrators. Upper floors say who they are (`needed_by`); the demo
sign-ins may set one up and need none.
"""

import base64
import secrets
from collections.abc import Callable
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.oath import TOTP

from accounts import audit
from accounts.models import Authenticator, RecoveryCode, User
from accounts.slips import SIGNS
from common import clock, sealed

SECRET_BYTES = 20  # RFC 4226 4 R6
CODES = 10
DRIFT = 1  # half minutes a code may be early or late

needed_by: set[Callable] = set()  # functions of the user; upper floors enter themselves when ready


def is_required(user) -> bool:
    """Whether the person may do nothing without a second factor."""
    return settings.SECOND_FACTOR_ENFORCED and any(needs(user) for needs in needed_by)


def of(user) -> Authenticator | None:
    """The app the person has confirmed."""
    return Authenticator.objects.filter(user=user, confirmed=True).first()


@transaction.atomic
def begin(*, user: User) -> Authenticator:
    """The app being set up, with a secret made once; ValidationError when one is in use already."""
    User.objects.select_for_update().get(pk=user.pk)
    there = Authenticator.objects.filter(user=user).first()
    if there is not None and there.confirmed:
        raise ValidationError(_("A second factor is set up already. Remove it first."), "there")
    if there is None:
        secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
        token = sealed.seal(secret, place=place_of(user))
        there = Authenticator.objects.create(user=user, name="app", confirmed=False, secret=token)
    return there


def secret_of(app: Authenticator) -> str:
    """What the app must know, in base 32. Shown to its owner alone, while setting it up."""
    return sealed.unseal(app.secret, place=place_of(app.user))


def address_of(app: Authenticator) -> str:
    """The otpauth address the app reads from the square."""
    issuer = gettext("Township grid governance")
    said = {"secret": secret_of(app), "issuer": issuer, "algorithm": "SHA1", "digits": 6, "period": 30}
    return f"otpauth://totp/{quote(f'{issuer}:{app.user.username}')}?{urlencode(said, quote_via=quote)}"


@transaction.atomic
def confirm(*, user: User, code: str) -> list[str]:
    """Takes the app into use with a first right code and returns the recovery codes, told this once. ValidationError
    for a wrong code."""
    begin(user=user)
    if not _right(user, code, confirmed=False):
        raise WrongCode
    Authenticator.objects.filter(user=user).update(confirmed=True)
    audit.record(user, "second_factor_set_up")
    return new_codes(user=user)


@transaction.atomic
def new_codes(*, user: User) -> list[str]:
    """Ten new recovery codes; the old ones are void."""
    user.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(SIGNS) for _place in range(10)) for _number in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hashed(code)) for code in codes)
    audit.record(user, "recovery_codes_print")
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def verify(*, user: User, code: str, spare=True) -> bool:
    """Whether the code is the app's of this moment, or (`spare`) an unused recovery code. Each is taken once; a wrong
    one makes the person wait, twice as long every time."""
    code = "".join(code.split()).replace("-", "")
    with transaction.atomic():
        if spare and len(code) == 10:
            return _recovered(user, code)
        return _right(user, code)


@transaction.atomic
def remove(*, user: User, by, reason="") -> None:
    """Takes the second factor away. The caller has checked the right, or a fresh code of one's own."""
    Authenticator.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    audit.record(by, "second_factor_remove", row=user, reason=reason)


class WrongCode(ValidationError):
    """The code is not the one of this moment, or too many wrong ones were tried."""

    def __init__(self):
        super().__init__(
            _("This code is not right. Wait for the next one; after several wrong codes you have to wait longer."),
            "code",
        )


def _right(user, code, confirmed=True):
    app = Authenticator.objects.select_for_update().filter(user=user, confirmed=confirmed).first()
    if app is None or not app.verify_is_allowed()[0]:
        return False
    counter = TOTP(base64.b32decode(secret_of(app)), drift=app.drift)
    counter.time = clock.now().timestamp()
    digits = int(code) if code.isascii() and code.isdigit() and len(code) == 6 else -1
    if not counter.verify(digits, DRIFT, app.last_step + 1):
        app.throttle_increment()
        return False
    app.last_step, app.drift = counter.t(), counter.drift
    app.throttle_reset(commit=False)
    app.save()
    return True


def _recovered(user, code):
    app = Authenticator.objects.select_for_update().filter(user=user, confirmed=True).first()
    if app is None or not app.verify_is_allowed()[0]:
        return False
    used = user.recovery_codes.filter(code_hash=_hashed(code), used_at=None).update(used_at=clock.now())
    if not used:
        app.throttle_increment()
        return False
    audit.record(user, "recovery_code_used")
    return True


def _hashed(code):
    return sealed.blind(code, purpose="recovery")


def place_of(user):
    return f"accounts.authenticator.secret:{user.sealing_id}"
