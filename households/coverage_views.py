"""Pages of coverage: who has somebody and who has not, the town's limits, the notice at the wall, the tables."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from common import clock, spreadsheets
from grids import access
from grids.choosing import area_of_list
from grids.models import Area
from households import chains, coverage
from households.models import LinkRule

ACTION = "party.view"


class RuleForm(forms.ModelForm):
    """The town's limits and the levels of its organisations."""

    chain = forms.ChoiceField(label=LinkRule._meta.get_field("chain").verbose_name)

    class Meta:
        model = LinkRule
        fields = ["least", "most", "cadre_grids", "cadre_homes", "chain"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chain"].choices = [(key, words) for key, (words, _levels) in chains.CHAINS.items()]

    def clean(self):
        said = super().clean()
        if not 1 <= said.get("most", 1) <= 200:
            self.add_error("most", _("Choose a number from 1 to 200."))
        elif said.get("least", 0) > said.get("most", 0):
            self.add_error("least", _("At most as many as the largest number."))
        return said


@require_safe
def index(request):
    """Coverage of a town or a village, every number with its list."""
    area = area_of_list(request.user, ACTION, request.GET.get("area", ""))
    rows = coverage.villages(area, clock.today())
    may_list = access.may(request.user, "household.view", area.path) or access.only_figures(
        request.user, "household.view"
    )
    for row in rows:
        row |= _addresses(row["village"], may_list)
    town = area.town or area
    shown = {
        "area": area, "rows": rows, "sum": coverage.total(rows) | _addresses(area, may_list), "town": town,
        "rule": chains.rule_of(town.pk), "may_link": access.may(request.user, "link.change", area.path),
        "may_set": town.kind == Area.Kind.TOWN and access.may(request.user, "link.change", town.path),
    }  # fmt: skip
    return render(request, "households/coverage.html", shown)


def _addresses(area, may_list):
    members = reverse("party:members")
    found = {
        "able_url": f"{members}?area={area.code}&state=able", "exempt_url": f"{members}?area={area.code}&state=exempt",
        "load_url": f"{members}?area={area.code}&state=able&sort=load",
    }  # fmt: skip
    if may_list:
        found["households_url"] = coverage.list_url(area)
        found |= {f"{key}_url": coverage.list_url(area, linked=word)
                  for key, word in (("linked", "yes"), ("uncovered", "no"))}  # fmt: skip
    return found


@require_safe
def export(request):
    """Coverage by village, who has which house, and the houses without anybody, as .xlsx; on record."""
    area = area_of_list(request.user, ACTION, request.GET.get("area", ""))
    today = clock.today()
    rows = coverage.villages(area, today)
    audit.record(request.user, "coverage_export", area_code=area.code)
    head = [_("Village"), _("Households"), _("Linked"), _("Not linked"), _("Able members"), _("Exempt"),
            _("Smallest load"), _("Largest load")]  # fmt: skip
    keys = ["households", "linked", "uncovered", "able", "exempt", "least", "most"]
    first = spreadsheets.Sheet(
        _("Coverage"), head, [[row["village"].name, *(row[key] for key in keys)] for row in rows]
    )
    links = [
        [row["village"].name, name, number]
        for row in rows for name, homes in coverage.matrix(row["village"], today) for number in homes
    ]  # fmt: skip
    second = spreadsheets.Sheet(_("Linked"), [_("Village"), _("Party member"), _("House number")], links)
    nobody = [
        [home.village.name, home.address or home.code, home.ended, home.to_come]
        for home in coverage.without(area, today).select_related("village").order_by("village__code", "code")
    ]  # fmt: skip
    third = spreadsheets.Sheet(
        _("Not linked"), [_("Village"), _("House number"), _("Without since"), _("Next from")], nobody
    )
    return spreadsheets.answer(request, f"coverage-{today:%Y%m%d}", [first, second, third])


@require_safe
def notice(request, code):
    """The village's matrix of members and houses, for the wall: names of members and house numbers only."""
    area = access.fetch(Area.objects.select_related("village", "town"), request.user, ACTION, code=code)
    found = [area] if area.kind != Area.Kind.TOWN else list(
        Area.objects.open_on(clock.today()).filter(kind=Area.Kind.VILLAGE, town=area).order_by("path")
    )  # fmt: skip
    papers = [(village, coverage.matrix(village, clock.today())) for village in found]
    return render(request, "households/notice.html", {"area": area, "papers": papers, "today": clock.today()})


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, code):
    """The town's limits."""
    town = access.fetch(Area.objects, request.user, "link.change", code=code, kind=Area.Kind.TOWN)
    form = RuleForm(request.POST or None, instance=chains.rule_of(town.pk))
    if request.method == "POST" and form.is_valid():
        chains.set_rule(town=town, by=request.user, **form.cleaned_data)
        messages.success(request, _("The town's limits are set."))
        return redirect(f"{reverse('party:coverage')}?area={town.code}")
    return render(
        request, "households/link_rule.html", {"form": form, "town": town}, status=422 if form.errors else 200
    )
