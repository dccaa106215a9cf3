"""Passwords: what a good one is, changing one's own."""

import string

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, signin
from accounts.models import User

KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
KINDS_WANTED = 3


class LengthValidator(MinimumLengthValidator):
    """Django's, with a message that has its Chinese."""

    def get_error_message(self):
        return _("Too short: use at least %(count)d characters.") % {"count": self.min_length}


class KindsValidator:
    """Three of the four kinds of characters (GB/T 22239-2019 8.1.4.1 a, as the handbook's section 6.3 sets it)."""

    def validate(self, password, user=None):
        kinds = {next((number for number, kind in enumerate(KINDS) if sign in kind), "other") for sign in password}
        if len(kinds) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), "password_kinds")

    def get_help_text(self):
        return _("Use at least three of these: capital letters, small letters, digits, other signs or Chinese.")


@transaction.atomic
def change(*, user: User, password: str, by) -> None:
    """Sets a password that has been checked, and ends every session of the person, the present one included: whoever
    calls this for the person at the screen begins a new one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    signin.end_sessions(user)
    audit.record(by, "password_change", row=user)
