"""Pages of acts on households and residents: one form each, on a page of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import masking
from grids import access
from households import act_forms, disclosing
from households.forms import ReasonForm
from households.models import Household, Resident

BOTH = ["GET", "HEAD", "POST"]
CHANGE = "household.change"


@require_http_methods(BOTH)
def enter(request):
    """A new household with its head."""
    if not access.may_somewhere(request.user, CHANGE):
        raise PermissionDenied(CHANGE)
    form = act_forms.EnterForm(request.POST or None, by=request.user, initial={"area": request.GET.get("area", "")})
    if home := _taken(form):
        messages.success(request, _("Entered as %(code)s.") % {"code": home.code})
        return redirect("households:home", home.code)
    context = {"form": form, "title": _("Enter a household")}
    return render(request, "households/act.html", context, status=422 if form.is_bound else 200)


@require_http_methods(BOTH)
def act(request, code, name):
    """One act on a household."""
    home = _home(request.user, code, CHANGE)
    if name not in act_forms.possible(home):
        raise Http404
    form = act_forms.OF_HOME[name](request.POST or None, row=home, by=request.user)
    return _acted(request, form, home, masking.name(home.name))


@require_http_methods(BOTH)
def person_act(request, code, pk, name):
    """One act on somebody of a household."""
    home = _home(request.user, code, CHANGE)
    person = _person(home, pk)
    if name not in act_forms.OF_PERSON or person.until_day is not None:
        raise Http404
    form = act_forms.OF_PERSON[name](request.POST or None, row=person, by=request.user)
    return _acted(request, form, home, masking.name(person.name))


@never_cache
@require_safe
def person(request, code, pk):
    home = _home(request.user, code, "household.view")
    return _shown(request, home, _person(home, pk))


@never_cache
@require_POST
def reveal(request, code, pk):
    """The person in clear, for a reason that is recorded."""
    home = _home(request.user, code, "household.reveal")
    form = ReasonForm(request.POST)
    found = _person(home, pk)
    if not form.is_valid():
        return _shown(request, home, found, reason_form=form, status=422)
    shown = disclosing.reveal(resident=found, by=request.user, reason=form.cleaned_data["reason"])
    return _shown(request, home, found, shown=shown)


def _home(user, code, action):
    rows = Household.objects.select_related("area__village", "village", "town")
    home = access.fetch(rows, user, "household.view", code=code)
    access.require(user, action, home)
    return home


def _person(home, pk):
    found = Resident.objects.filter(household=home, pk=pk).first()
    if found is None:
        raise Http404
    found.household = home
    return found


def _taken(form):
    """What the act made, or None with its errors beside the fields."""
    if not form.is_valid():
        return None
    try:
        return form.take()
    except ValidationError as wrong:
        for name, said in getattr(wrong, "message_dict", {None: wrong.messages}).items():
            form.add_error(name if name in form.fields else None, said)
        return None


def _acted(request, form, home, about):
    if _taken(form) is not None:
        messages.success(request, _("Done: %(act)s.") % {"act": form.label})
        return redirect("households:home", home.code)
    context = {"form": form, "title": form.label, "home": home, "about": about}
    return render(request, "households/act.html", context, status=422 if form.is_bound else 200)


def _shown(request, home, person, shown=None, reason_form=None, status=200):
    may = access.may(request.user, CHANGE, home.area_path) and person.until_day is None
    context = {
        "home": home, "person": person, "shown": shown or disclosing.masked(person),
        "may_reveal": shown is None and disclosing.may(request.user, home), "may_change": may,
        "acts": {name: form.label for name, form in act_forms.OF_PERSON.items()} if may else {},
        "may_answer": access.may(request.user, "roster.answer", home.area_path),
        "reason_form": reason_form or ReasonForm(), "needs": person.needs.select_related("kind").order_by("-from_day"),
        "stays": disclosing.stays(request.user, person),
    }  # fmt: skip
    return render(request, "households/person.html", context, status=status)
