"""What a town's roster keeps: whether ID numbers, and which needs a family can state."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from grids import access
from grids.models import Area
from households import identity, needs
from households.models import IdNumberUse


class OnForm(forms.Form):
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), min_length=4, max_length=200,
        help_text=gettext_lazy("What cannot be done without the numbers, and by which rule. Everybody reads it here."),
    )  # fmt: skip


class OffForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class OfferForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the need"), max_length=30)


class EndForm(forms.Form):
    kind = forms.ModelChoiceField(None, label=gettext_lazy("Which one"), empty_label=None)


ACTS = {
    "on": (gettext_lazy("Keep ID numbers"), OnForm),
    "off": (gettext_lazy("Keep no ID numbers any more"), OffForm),
    "offer": (gettext_lazy("Add a need"), OfferForm),
    "end": (gettext_lazy("Offer a need no more"), EndForm),
}


@require_safe
def setting(request, code):
    return _shown(request, _town(request.user, code))


@require_POST
def set_it(request, code, name):
    town = _town(request.user, code)
    access.require(request.user, "roster.set", town)
    if name not in ACTS:
        raise Http404
    form = _form(name, town, request.POST)
    if form.is_valid():
        try:
            _take(name, town, form.cleaned_data, request.user)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Done: %(act)s.") % {"act": ACTS[name][0]})
            return redirect("households:setting", town.code)
    return _shown(request, town, name, form, 422)


def _take(name, town, said, by):
    if name == "on":
        identity.switch_on(town=town, purpose=said["purpose"], by=by)
    elif name == "off":
        identity.switch_off(town=town, reason=said["reason"], by=by)
    elif name == "offer":
        needs.offer(town=town, name=said["name"], by=by)
    else:
        needs.offer_no_more(kind=said["kind"], by=by)


def _form(name, town, said=None):
    form = ACTS[name][1](said, auto_id=f"id_{name}_%s")
    if name == "end":
        offered = [kind.pk for kind in needs.kinds(town.pk)]
        form.fields["kind"].queryset = needs.NeedKind.objects.filter(pk__in=offered)
    return form


def _shown(request, town, bound_name="", bound=None, status=200):
    use = identity.use_of(town)
    may = access.may(request.user, "roster.set", town.path)
    names = [name for name in ACTS if name != ("on" if use else "off")] if may else []
    found = [(name, ACTS[name][0], bound if name == bound_name else _form(name, town)) for name in names]
    past = IdNumberUse.objects.filter(town=town).exclude(until_day=None).order_by("-from_day")
    context = {"town": town, "use": use, "past": past, "acts": found, "bound": bound, "kinds": needs.kinds(town.pk)}
    return render(request, "households/setting.html", context, status=status)


def _town(user, code):
    return access.fetch(Area.objects.filter(kind=Area.Kind.TOWN), user, "household.view", code=code)
