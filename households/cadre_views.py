"""The register of cadres tied to grids and households."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from common import clock
from grids import access
from grids.models import Area
from households import cadres, chains, linking
from households.models import HouseholdLink
from households.party_forms import day_field


class TieForm(forms.Form):
    """A cadre and the codes of households."""

    cadre = forms.ModelChoiceField(label=gettext_lazy("Cadre"), queryset=User.objects.none(), empty_label=None)
    codes = forms.CharField(
        label=gettext_lazy("Codes of households"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line, as they stand in the list of households."),
    )  # fmt: skip
    on = day_field(gettext_lazy("From day"))

    def __init__(self, *args, town, **kwargs):
        super().__init__(*args, initial={"on": clock.today()}, **kwargs)
        self.fields["cadre"].queryset = cadres.of_town(town, clock.today())

    def clean_codes(self):
        return self.cleaned_data["codes"].replace(",", " ").replace("，", " ").replace("、", " ").split()


@require_http_methods(["GET", "HEAD", "POST"])
def register(request, code):
    """Who is tied to what, and whether it is enough; tying more households."""
    town = access.fetch(Area.objects, request.user, "party.view", code=code, kind=Area.Kind.TOWN)
    may_link = access.may(request.user, "link.change", town.path)
    if request.method == "POST":
        access.require(request.user, "link.change", town)
    form = TieForm(request.POST or None, town=town) if may_link else None
    if form is not None and form.is_valid():
        said = form.cleaned_data
        try:
            count = cadres.tie(
                town=town, cadre=said["cadre"], codes=said["codes"], from_day=said["on"], by=request.user
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("%(n)s households are tied to %(user)s.") % {"n": count, "user": said["cadre"]})
            return redirect("party:cadres", town.code)
    shown = {"town": town, "rows": cadres.register(town, clock.today()), "rule": chains.rule_of(town.pk), "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "households/cadre_links.html", shown, status=status)


@require_POST
def end(request, pk):
    """A household is tied to its cadre until today."""
    found = HouseholdLink.objects.of_cadres().select_related("household__village", "town")
    access.fetch(found, request.user, "link.change", pk=pk)
    link = get_object_or_404(found, pk=pk)
    try:
        linking.close(link=link, on=clock.today(), by=request.user)
        messages.success(request, _("Saved."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("party:cadres", link.town.code)
