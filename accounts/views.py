"""Signing in and out."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView

from accounts import demo
from accounts.forms import SignInForm


class SignIn(LoginView):
    """The door: user name or mobile number; in demo mode also one button per printed sign-in."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        offered = demo.offered()
        password = {"demo_password": settings.DEMO_PASSWORD} if offered else {}
        return super().get_context_data(demo_sign_ins=offered, **password, **kwargs)


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
