"""The steps before a town is open: its villages, its levels and days, the last look before it is opened."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.divisions.opening import open_chosen
from governance.pages.setup import steps
from governance.pages.setup.forms import LevelsForm, VillageForm, VillagesForm
from grids import setting_up
from grids.schemes import OF_TOWN, PRESETS

TOWNS = {"gucheng": "故城镇", "yuwang": "禹王镇", "xiawa": "下洼镇", "jingming": "泾明乡", "minle": "民乐县"}


def _shown(request, name, set_up, status=200, **context):
    context |= {"set_up": set_up, "steps": steps.steps(set_up, name)}
    return render(request, f"governance/setup/{name}.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def villages(request, code):
    """Ticks and names; "add" puts in one more and comes back."""
    set_up = steps.fetch(request, code)
    if set_up.town_id:
        return redirect(steps.address("grids", code))
    rows, sent = set_up.choices["villages"], request.method == "POST"
    form, more = VillagesForm(request.POST if sent else None, rows=rows), VillageForm()
    if sent and form.is_valid():
        try:
            set_up = setting_up.choose_villages(set_up=set_up, villages=form.chosen(), by=request.user)
            if "add" not in request.POST:
                return redirect(steps.address("levels", code))
            more = VillageForm(request.POST)
            if more.is_valid():
                setting_up.add_village(set_up=set_up, by=request.user, **more.cleaned_data)
                messages.success(request, _("%(village)s was added.") % {"village": more.cleaned_data["name"]})
                return redirect(steps.address("villages", code))
        except ValidationError as wrong:
            (more if more.is_bound else form).add_error(None, wrong)
    return _shown(request, "villages", set_up, 422 if sent else 200, form=form, more=more)


@require_http_methods(["GET", "HEAD", "POST"])
def levels(request, code):
    """A preset fills the form; what is sent is the form."""
    set_up = steps.fetch(request, code)
    if set_up.town_id:
        return redirect(steps.address("grids", code))
    preset = request.GET.get("preset") if request.GET.get("preset") in PRESETS else None
    sent = request.method == "POST"
    form = LevelsForm(request.POST if sent else None, chosen=set_up.choices, preset=preset)
    if sent and form.is_valid():
        try:
            setting_up.choose_levels(set_up=set_up, by=request.user, **form.asked())
            return redirect(steps.address("confirm", code))
        except ValidationError as wrong:
            form.add_error("in_use_from" if wrong.code == "day" else None, wrong)
    return _shown(request, "levels", set_up, 422 if sent else 200, form=form, presets=_presets(), preset=preset)


def _presets():
    """(code, what it is called, the towns that work so)"""
    return [
        (code, PRESETS[code][0], "、".join(TOWNS[town] for town, own in OF_TOWN.items() if own == code))
        for code in PRESETS
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, code):
    """Everything that was chosen on one page; POST opens the town."""
    set_up = steps.fetch(request, code)
    if set_up.town_id:
        return redirect(steps.address("grids", code))
    finished = steps.done(set_up)
    if not (finished["villages"] and finished["levels"]):
        return redirect(steps.first_open(set_up))
    wrong = None
    if request.method == "POST":
        try:
            town = open_chosen(set_up=set_up, by=request.user)
            messages.success(request, _("%(town)s is open.") % {"town": town})
            return redirect(steps.address("grids", code))
        except ValidationError as refused:
            wrong = " ".join(refused.messages)
    chosen = set_up.choices
    context = {
        "taken": [row for row in chosen["villages"] if row["taken"]],
        "left_out": [row for row in chosen["villages"] if not row["taken"]],
        "levels": chosen["levels"], "wrong": wrong,
    }  # fmt: skip
    return _shown(request, "confirm", set_up, 422 if wrong else 200, **context)
