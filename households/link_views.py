"""The page of who looks after one household: history, giving, handing over, ending."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock, masking
from grids import access
from households import linking
from households.models import Household, HouseholdLink
from households.party_forms import DayForm, GiveForm


@require_http_methods(["GET", "HEAD", "POST"])
def household(request, code):
    homes = Household.objects.select_related("area", "village")
    home = access.fetch(homes, request.user, "link.change", code=code)
    today = clock.today()
    now = HouseholdLink.objects.of_members().standing(today).filter(household=home).order_by("-from_day").first()
    act = request.POST.get("act", "")
    give = GiveForm(request.POST if act == "give" else None, household=home, initial={"on": today}, auto_id="give_%s")
    end = DayForm(request.POST if act == "end" else None, initial={"on": today}, auto_id="end_%s")
    form = {"give": give, "end": end}.get(act)
    if form is not None and form.is_valid():
        try:
            _done(home, now, act, form.cleaned_data, request.user)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Saved."))
            return redirect("party:household", code)
    links = home.links.select_related("member__user", "cadre").order_by("-from_day", "-pk")
    shown = {"household": home, "name": masking.name(home.name), "now": now, "links": links, "give": give, "end": end}
    status = 422 if form is not None or (request.method == "POST" and form is None) else 200
    return render(request, "households/household_links.html", shown, status=status)


def _done(home, now, act, said, by):
    if act == "end" and now is not None:
        linking.close(link=now, on=said["on"], by=by)
    elif act == "give" and now is not None:
        linking.hand_over(link=now, to=said["member"], on=said["on"], by=by)
    elif act == "give":
        linking.link(household=home, member=said["member"], from_day=said["on"], by=by)
    else:
        raise ValidationError(_("Nobody looks after it."))
