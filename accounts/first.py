"""Pages of the first sign-in: the slip's code, then what is stored about the person and the new password."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import door, slips
from accounts.forms import FirstPasswordForm, SlipForm
from accounts.models import User
from common import clock, masking, sealed

HALFWAY = 30 * 60  # seconds between the code and the new password


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request):
    """The name and the code of the slip; guesses count like those of passwords."""
    form = SlipForm(request, request.POST or None)
    if form.is_valid():
        request.session.flush()
        request.session["first"] = [form.user.pk, int(clock.now().timestamp())]
        return redirect("accounts:first_password")
    return render(request, "accounts/first.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    """The notice and the first password. Whoever comes without the code begins with it."""
    user = _halfway(request)
    if user is None:
        return redirect("accounts:first")
    form = FirstPasswordForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            slips.use(user=user, password=form.cleaned_data["new_password"])
        except ValidationError as wrong:
            messages.error(request, wrong.message)
            return redirect("accounts:first")
        del request.session["first"]
        user.refresh_from_db()
        messages.success(request, _("Your password is set and you are signed in. The slip is of no use any more."))
        return door.let_in(request, user, form.cleaned_data["own_phone"])
    phone = masking.phone(sealed.opened(user, "phone"))
    shown = {"form": form, "person": user, "phone": phone}
    return render(request, "accounts/first_password.html", shown, status=422 if form.is_bound else 200)


def _halfway(request):
    pk, at = request.session.get("first", (None, 0))
    if pk is None or clock.now().timestamp() - at > HALFWAY:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()
