"""Pages of the second factor: asked for at the door, set up, its codes on paper, taken away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import door, second_factor
from accounts.forms import CodeForm, SpareCodeForm
from common import qr


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """The code after the password; or, for somebody who has become an administrator meanwhile, in the session."""
    user = door.halfway(request) or (request.user if request.user.is_authenticated else None)
    if user is None:
        return redirect("accounts:sign_in")
    form = SpareCodeForm(request.POST or None)
    if form.is_valid():
        if second_factor.verify(user=user, code=form.cleaned_data["code"]):
            return door.pass_on(request, user)
        form.add_error("code", second_factor.WrongCode())
    return render(request, "accounts/second.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request):
    """The square for the app and its first code; then the recovery codes, once."""
    try:
        app = second_factor.begin(user=request.user)
    except ValidationError as there:
        messages.info(request, there.message)
        return redirect("accounts:me")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            codes = second_factor.confirm(user=request.user, code=form.cleaned_data["code"])
        except ValidationError as wrong:
            form.add_error("code", wrong)
        else:
            request.session["second"] = True
            return render(request, "accounts/recovery.html", {"codes": codes})
    secret = second_factor.secret_of(app)
    shown = {
        "form": form,
        "qr": qr.inline(second_factor.address_of(app), _("Square for the app"), scale=4),
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "required": second_factor.is_required(request.user),
    }
    return render(request, "accounts/second_set_up.html", shown, status=422 if form.is_bound else 200)


@never_cache
@require_POST
def new_codes(request):
    if not _fresh(request):
        return redirect("accounts:me")
    return render(request, "accounts/recovery.html", {"codes": second_factor.new_codes(user=request.user)})


@require_POST
def remove(request):
    """Also for an administrator with a new phone: the next page asks for the new one."""
    if _fresh(request):
        second_factor.remove(user=request.user, by=request.user)
        request.session.pop("second", None)
        messages.success(request, _("The second factor was removed."))
    return redirect("accounts:me")


def _fresh(request):
    """A code of this moment came with the form; otherwise it is said so."""
    form = CodeForm(request.POST)
    if form.is_valid() and second_factor.verify(user=request.user, code=form.cleaned_data["code"]):
        return True
    messages.error(request, second_factor.WrongCode().message)
    return False
