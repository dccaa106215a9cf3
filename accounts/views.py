"""Signing in and out, one's own account: data, password, phones."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import demo, devices, door, passwords, second_factor, signin
from accounts.forms import ChangePasswordForm, SignInForm, SpareCodeForm
from common import masking, sealed


class SignIn(LoginView):
    """The door: user name or mobile number; in demo mode also one button per printed sign-in."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        own_phone = form.cleaned_data["own_phone"]
        return door.let_in(self.request, form.get_user(), own_phone, self.get_redirect_url())

    def get_context_data(self, **kwargs):
        offered = demo.offered()
        password = {"demo_password": settings.DEMO_PASSWORD} if offered else {}
        kept = self.request.POST.get("kept", "")
        return super().get_context_data(demo_sign_ins=offered, kept=kept, **password, **kwargs)


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()


@never_cache
@require_safe
def me(request):
    """What the platform knows of the person at the screen, and what he can do about it himself."""
    phone = sealed.opened(request.user, "phone")
    mine = request.user.devices.filter(revoked_at=None).order_by("-made_at")
    shown = {"phone": masking.phone(phone), "devices": mine, "this_device": request.session.get("device")}
    shown |= {"second": second_factor.of(request.user), "code_form": SpareCodeForm()}
    return render(request, "accounts/me.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    form = ChangePasswordForm(request, request.POST or None)
    if form.is_valid():
        passwords.change(user=request.user, password=form.cleaned_data["new_password"], by=request.user)
        request.user.refresh_from_db()
        second = request.session.get("second", False)
        signin.enter(request, request.user)
        request.session["second"] = second
        messages.success(request, _("Your password was changed. You were signed out everywhere else."))
        return redirect("accounts:me")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def sign_out_everywhere(request):
    signin.end_sessions(request.user)
    logout(request)
    messages.success(request, _("You were signed out on every computer and phone."))
    return redirect("accounts:sign_in")


@require_POST
def revoke_device(request, pk):
    device = get_object_or_404(request.user.devices, pk=pk)
    try:
        devices.revoke(device=device, by=request.user)
    except ValidationError as wrong:
        messages.warning(request, wrong.message)
    else:
        messages.success(request, _("This phone was signed out and is no longer known."))
    return redirect("accounts:me")
