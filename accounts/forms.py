"""Forms of signing in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """User name or mobile number, and the password. The name stays after an error; the reason is never told."""

    username = forms.CharField(
        label=_("User name or mobile number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _(
            "User name, mobile number or password is not right. "
            "After five wrong attempts an account is locked for fifteen minutes."
        ),
        "inactive": _("This account is closed. Please ask your town's system administrator."),
    }
