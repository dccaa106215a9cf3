"""Forms of signing in and of one's own account."""

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import signin


def name_field(**attributes):
    shown = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"} | attributes
    return forms.CharField(label=_("User name or mobile number"), max_length=60, widget=forms.TextInput(attrs=shown))


def password_field(label, autocomplete="current-password", **more):
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, **more)


def own_phone_field():
    text = _("You stay signed in for thirty days. Never tick this on an office computer or a borrowed phone.")
    return forms.BooleanField(label=_("This is my own phone"), required=False, help_text=text)


LOCKED = _(
    "Too many wrong attempts: this name is locked for fifteen minutes. Try again then, or sign in on a phone that is "
    "already known as yours."
)


WRONG_SLIP = _(
    "Name or code is not right, or the slip was used, replaced or has run out. "
    "After five wrong attempts the name is locked for fifteen minutes; a new slip opens it again."
)


class SignInForm(AuthenticationForm):
    """User name or mobile number, and the password. The name stays after an error; the reason is never told."""

    username = name_field()
    password = password_field(_("Password"))
    own_phone = own_phone_field()
    error_messages = {
        "invalid_login": _(
            "User name, mobile number or password is not right. "
            "After five wrong attempts an account is locked for fifteen minutes."
        ),
        "inactive": _("This account is closed. Please ask your town's system administrator."),
        "locked": LOCKED,
    }

    def clean(self):
        """Guesses are counted by `signin.attempt`; a locked name and a wrong password differ in nothing that tells
        whether the name exists."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password:
            self.user_cache, locked = signin.attempt(self.request, name, password)
            if self.user_cache is None:
                raise ValidationError(self.error_messages["locked" if locked else "invalid_login"], "invalid_login")
        return self.cleaned_data


class NewPasswordForm(forms.Form):
    """A new password, twice; its rules are told before and beside it."""

    new_password = password_field(
        _("New password"),
        "new-password",
        help_text=_(
            "At least twelve characters of three kinds, for example a short sentence with a number: "
            "capital letters, small letters, digits, other signs or Chinese. Not your own name, nothing in common use."
        ),
    )
    again = password_field(_("The same once more"), "new-password")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self):
        password_validation.validate_password(self.cleaned_data["new_password"], self.user)
        return self.cleaned_data["new_password"]

    def clean_again(self):
        first, again = self.cleaned_data.get("new_password"), self.cleaned_data["again"]
        if first is not None and first != again:
            raise ValidationError(_("The two are not the same. Please type the new password once more."), "different")
        return again


class ChangePasswordForm(NewPasswordForm):
    """The same with the present password, whose guesses count like those at the door."""

    password = password_field(_("Present password"))
    field_order = ["password", "new_password", "again"]

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, user=request.user, **kwargs)
        self.request = request

    def clean_password(self):
        user, locked = signin.attempt(self.request, self.user.username, self.cleaned_data["password"])
        if user is None:
            raise ValidationError(LOCKED if locked else _("This is not your present password."), "wrong")
        return self.cleaned_data["password"]


class FirstPasswordForm(NewPasswordForm):
    own_phone = own_phone_field()


class SlipForm(forms.Form):
    """Name and one-time code of a sign-in slip."""

    username = name_field()
    code = forms.CharField(
        label=_("One-time code on the slip"),
        max_length=20,
        help_text=_("Ten letters and digits. Capital or small letters and the hyphen do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.user = request, None

    def clean(self):
        name, code = self.cleaned_data.get("username"), self.cleaned_data.get("code")
        if name and code:
            self.user, locked = signin.attempt(self.request, name, code, by_slip=True)
            if self.user is None:
                raise ValidationError(LOCKED if locked else WRONG_SLIP, "invalid_login")
        return self.cleaned_data


class CodeForm(forms.Form):
    """The code the app shows now."""

    code = forms.CharField(
        label=_("Code of the app"),
        max_length=20,
        help_text=_("The six digits the app shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}),
    )


class SpareCodeForm(CodeForm):
    """The same where a recovery code does as well."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Six digits; or, if the phone is lost, one of the recovery codes on paper.")
