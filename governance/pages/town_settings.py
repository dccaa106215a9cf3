"""The settings of a town that is open: what can still be changed, from which day, and what is fixed for good."""

from django.conf import settings as configuration
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.fields import on_day
from governance.pages.town_forms import BeginForm, DutyForm, LevelNamesForm
from grids import access, schemes, setting_up
from grids.models import Area, TownProfile
from screening import duty_rules
from screening.models import DutyRule


@require_safe
def settings(request, code):
    return _shown(request, _fetch(request.user, code))


@require_POST
def change(request, code, what):
    """One card of the page is sent: the names of levels, the rule of duty, the first day."""
    town = _fetch(request.user, code)
    if what not in TAKEN:
        raise Http404
    form = _form(what, town, request.POST)
    if form is None or form.is_valid():
        try:
            TAKEN[what](town, request.user, form)
        except ValidationError as wrong:
            if form is None:
                messages.error(request, " ".join(wrong.messages))
                return redirect("grids:town_settings", town.code)
            form.add_error({"day": "from_day" if what == "duty" else "in_use_from"}.get(wrong.code), wrong)
        else:
            messages.success(request, _("Kept."))
            return redirect("grids:town_settings", town.code)
    return _shown(request, town, what, form)


def _name_levels(town, by, form):
    schemes.relabel(town=town, labels=form.asked(), by=by)


def _rule(town, by, form):
    duty_rules.change(town=town, by=by, **form.cleaned_data)


def _begin(town, by, form):
    setting_up.begin_on(town=town, day=form.cleaned_data["in_use_from"], by=by)


def _withdraw(town, by, _form):
    duty_rules.withdraw(town=town, by=by)


TAKEN = {"levels": _name_levels, "duty": _rule, "begin": _begin, "withdraw-duty": _withdraw}


def _fetch(user, code):
    town = access.fetch(Area.objects.select_related("profile__scheme"), user, "area.change", code=code)
    if town.kind != Area.Kind.TOWN or not TownProfile.objects.filter(town=town).exists():
        raise Http404
    return town


def _form(what, town, said=None):
    """The form of one card, filled with how it is today."""
    if what == "levels":
        return LevelNamesForm(said, levels=town.profile.scheme.levels.order_by("rank"), auto_id="id_levels_%s")
    if what == "begin":
        return BeginForm(said, initial={"in_use_from": town.profile.in_use_from}, auto_id="id_begin_%s")
    if what == "duty":
        now = DutyRule.objects.filter(on_day(clock.today()), town=town).first() or DutyRule()
        initial = {"cut_off": now.cut_off, "every_day": "yes" if now.every_day else "no",
                   "from_day": duty_rules.earliest(town)}  # fmt: skip
        return DutyForm(said, initial=initial, auto_id="id_duty_%s")
    return None


def _shown(request, town, what=None, bound=None):
    """The page; with a card that was refused it answers 422 and keeps what was typed."""
    forms = {name: bound if name == what else _form(name, town) for name in ("levels", "duty", "begin")}
    rules = list(DutyRule.objects.filter(town=town).order_by("-from_day"))
    context = {
        "place": town, "forms": forms, "rules": rules, "today": clock.today(),
        "planned": [rule for rule in rules if rule.from_day > clock.today()],
        "has_begun": town.profile.in_use_from <= clock.today(), "tiles": configuration.LEAFLET_CONFIG["TILES"],
    }  # fmt: skip
    return render(request, "governance/town_settings.html", context, status=422 if bound else 200)
