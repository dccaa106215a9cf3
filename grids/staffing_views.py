"""Pages of staffing: what is vacant by the town's template, choosing the template, area cadres of several villages."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from common import clock, spreadsheets
from grids import access, adapting, establishment, holders, staffing
from grids.adapting_form import RowsForm
from grids.models import Area, Post
from grids.post_forms import PersonField, a_phone, day_field
from grids.roles import Role


class StaffingForm(forms.Form):
    """What the town decided: its template, and the phone on every notice."""

    staffing = forms.ChoiceField(
        label=gettext_lazy("Staffing template"), required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("none: nothing counts as vacant")),
                 *((code, template.name) for code, template in establishment.TEMPLATES.items())],
    )  # fmt: skip
    supervision_phone = forms.CharField(
        label=gettext_lazy("Supervision phone"), required=False, max_length=20, validators=[a_phone],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("Stands on the public notice of every grid, for complaints about the grid work."),
    )  # fmt: skip


class CadreForm(forms.Form):
    """One person looks after several villages from a day on."""

    person = PersonField(gettext_lazy("Person"), widget=forms.RadioSelect, empty_label=None)
    villages = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=gettext_lazy("Villages"), widget=forms.CheckboxSelectMultiple
    )
    from_day = day_field(gettext_lazy("First day"))

    def __init__(self, *args, by, town, text="", **kwargs):
        super().__init__(*args, initial={"from_day": clock.today()}, **kwargs)
        self.fields["villages"].queryset = villages_of(town)
        self.fields["person"].queryset = holders.offered(
            by, "post.change", near=town, text=text, chosen=self.data.get("person", ""), here_only=True
        )


def villages_of(town):
    return Area.objects.open_on(clock.today()).filter(parent=town, kind="village").order_by("code")


@require_safe
def vacancies(request, code):
    """What at a place and below is not staffed as the town's template says."""
    place, template = _place_and_template(request.user, code)
    return render(
        request,
        "grids/vacancies.html",
        {
            "place": place,
            "template": template,
            "gaps": establishment.gaps(place, template) if template else [],
            "doubled": establishment.doubled(place, template) if template else [],
            "may_change": access.may(request.user, "post.change", place.path),
        },
    )


@require_safe
def vacancies_xlsx(request, code):
    place, template = _place_and_template(request.user, code)
    audit.record(request.user, "vacancies_export", row=place, area_code=place.code)
    gaps = establishment.gaps(place, template) if template else []
    head = [_("Village"), _("Place"), _("Area code"), _("Post"), _("People in post"), _("Missing"), _("Vacant since")]
    rows = (
        [gap.area.village.name if gap.area.village else "", gap.area.name, gap.area.code, str(gap.slot.label),
         gap.there, gap.missing, gap.since if gap.missing > 0 else None]
        for gap in gaps
    )  # fmt: skip
    sheet = spreadsheets.Sheet(_("Vacancies"), head, rows)
    return spreadsheets.answer(request, f"vacancies-{place.code}-{clock.today():%Y%m%d}", [sheet])


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request, code):
    """The staffing template of a town and the phone on its notices."""
    town = _town(request.user, code)
    profile = town.profile
    now = {"staffing": profile.staffing, "supervision_phone": profile.supervision_phone}
    form = StaffingForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        establishment.choose(town=town, by=request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("grids:vacancies", town.code)
    return render(request, "grids/staffing.html", {"place": town, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def rows(request, code):
    """The town's own rows of its template; `preset` in what is sent goes back to the preset."""
    town = _town(request.user, code)
    if town.profile.staffing not in establishment.TEMPLATES:
        messages.info(request, _("Choose a staffing template first; then its rows can be changed."))
        return redirect("grids:staffing", town.code)
    sent = request.method == "POST"
    form = RowsForm(request.POST if sent else None, profile=town.profile)
    if sent and ("preset" in request.POST or form.is_valid()):
        try:
            adapting.adapt(town=town, by=request.user, rows=None if "preset" in request.POST else form.asked())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Kept. The vacancies are counted anew."))
            return redirect("grids:staffing_rows", town.code)
    template = establishment.template_of(town)
    context = {"place": town, "form": form, "template": template, "gaps": len(establishment.gaps(town, template))}
    return render(request, "grids/staffing_rows.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cadres(request, code):
    """Which cadre looks after which villages, and several villages given to one in one go."""
    town = _town(request.user, code)
    text = request.GET.get("q", "").strip()[:60]
    form = CadreForm(request.POST or None, by=request.user, town=town, text=text)
    if form.is_valid():
        said = form.cleaned_data
        try:
            posts = staffing.appoint_at_several(
                user=said["person"], areas=said["villages"], role=Role.AREA_CADRE, from_day=said["from_day"],
                by=request.user,
            )  # fmt: skip
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("%(user)s: %(n)d new villages.") % {"user": said["person"], "n": len(posts)})
            return redirect("grids:cadres", town.code)
    context = {"place": town, "form": form, "text": text, "cadres": _cadres(town), "without": _without_cadre(town)}
    return render(request, "grids/cadres.html", context, status=422 if form.is_bound else 200)


def _cadres(town):
    """(person, his posts) in the order of names."""
    posts = Post.objects.held_on(clock.today()).filter(role=Role.AREA_CADRE, area__path__startswith=town.path)
    found = {}
    for post in posts.select_related("user", "area").order_by("user__name", "area__code"):
        found.setdefault(post.user, []).append(post)
    return list(found.items())


def _without_cadre(town):
    held = Post.objects.held_on(clock.today()).filter(role=Role.AREA_CADRE)
    return villages_of(town).exclude(pk__in=held.values("area"))


def _place_and_template(user, code):
    place = access.fetch(Area.objects.select_related("village", "town"), user, "post.view", code=code)
    if place.town is None:
        raise Http404
    return place, establishment.template_of(place.town)


def _town(user, code):
    town = access.fetch(Area.objects.select_related("profile", "town"), user, "post.change", code=code)
    if town.kind != Area.Kind.TOWN:
        raise Http404
    return town
