"""Pages of party members: the list and its table, one member, entering, and the acts on one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from common import clock, spreadsheets
from grids import access
from households import coverage, membership, party_forms
from households.coverage import list_url
from households.member_lists import ACTION, MemberFilters, state_of
from households.models import Household, PartyMember

A_PAGE = 50


@require_safe
def members(request):
    filters = MemberFilters(request.GET, user=request.user)
    rows = filters.rows() if filters.is_valid() else []
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    may_list = access.may(request.user, "household.view", filters.area.path)
    page.object_list = [
        (member, *state_of(member), list_url(filters.area, member=member.pk) if may_list else None)
        for member in page.object_list
    ]
    shown = {"filters": filters, "area": filters.area, "page_obj": page,
             "may_change": access.may(request.user, "party.change", filters.area.path)}  # fmt: skip
    return render(request, "households/members.html", shown, status=200 if filters.is_valid() else 400)


@require_safe
def export(request):
    """The list as .xlsx; recorded."""
    filters = MemberFilters(request.GET, user=request.user)
    rows = filters.rows() if filters.is_valid() else []
    audit.record(request.user, "members_export", area_code=filters.area.code, reason=request.GET.urlencode()[:200])
    lines = [[row.user.name, row.org.name, str(state_of(row)[0]), row.load] for row in rows]
    head = [_("Name"), _("Organisation"), _("State"), _("Households")]
    return spreadsheets.answer(
        request, f"members-{clock.today():%Y%m%d}", [spreadsheets.Sheet(_("Party members"), head, lines)]
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Entering a member."""
    if not access.may_somewhere(request.user, "party.change"):
        raise PermissionDenied("party.change")
    form = party_forms.NewMemberForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = membership.enter(by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("%(name)s is entered.") % {"name": made.user.name})
            return redirect("party:member", made.pk)
    return render(request, "households/member_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def member(request, pk):
    """One member: organisation, exemptions, households now and before."""
    return _shown(request, _fetch(request, pk), {})


def _fetch(request, pk, action=ACTION):
    found = PartyMember.objects.select_related("user", "org__area", "own_household")
    return access.fetch(found, request.user, action, pk=pk)


def _shown(request, shown, bound):
    may_change = access.may(request.user, "party.change", shown.area_path)
    today, forms = clock.today(), {}
    if may_change and (shown.until_day is None or shown.until_day > today):
        own = shown.own_household.code if shown.own_household else ""
        forms = {
            "move": party_forms.MoveForm(user=request.user, member=shown, auto_id="move_%s"),
            "exempt": party_forms.ExemptForm(initial={"from_day": today}, auto_id="exempt_%s"),
            "leave": party_forms.DayForm(initial={"on": today}, auto_id="leave_%s"),
            "own": party_forms.OwnHouseholdForm(initial={"household": own}, auto_id="own_%s"),
        } | bound
    links = shown.links.select_related("household__area").order_by("until_day", "-from_day", "household__code")
    state = coverage.with_load(PartyMember.objects.filter(pk=shown.pk), today).get()
    may_list = access.may(request.user, "household.view", shown.area_path)
    context = {
        "member": shown, "forms": forms, "may_change": may_change, "state": state_of(state), "load": state.load,
        "now": [one for one in links if one.until_day is None or one.until_day > today],
        "before": [one for one in links if one.until_day is not None and one.until_day <= today][:100],
        "exemptions": shown.exemptions.order_by("-from_day"), "today": today,
        "list_url": list_url(shown.org.area, member=shown.pk) if may_list else None,
        "may_link": access.may(request.user, "link.change", shown.area_path),
    }  # fmt: skip
    return render(request, "households/member.html", context, status=422 if bound else 200)


@require_POST
def act(request, pk, act):
    """One act on a member; what it frees is told with the list of those without anybody."""
    if act not in ACTS:
        raise Http404
    shown = _fetch(request, pk, "party.change")
    form = FORMS[act](request, shown)
    if form.is_valid():
        try:
            freed = ACTS[act](shown, form.cleaned_data, request.user) or []
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            _tell(request, shown, freed)
            return redirect("party:member", pk)
    return _shown(request, shown, {act: form})


def _tell(request, shown, freed):
    if not freed:
        messages.success(request, _("Saved."))
        return
    text = _("Saved. %(n)s households have nobody now, or from that day on: see coverage, not linked.")
    messages.warning(request, text % {"n": len(freed)})


def _own(shown, said, by):
    code = said["household"].strip()
    home = Household.objects.visible_to(by, "household.view").filter(code=code).first() if code else None
    if code and home is None:
        raise ValidationError({"household": _("There is no such household here.")})
    membership.set_own_household(member=shown, household=home, by=by)


FORMS = {
    "move": lambda request, shown: party_forms.MoveForm(
        request.POST, user=request.user, member=shown, auto_id="move_%s"
    ),
    "exempt": lambda request, _shown: party_forms.ExemptForm(request.POST, auto_id="exempt_%s"),
    "leave": lambda request, _shown: party_forms.DayForm(request.POST, auto_id="leave_%s"),
    "own": lambda request, _shown: party_forms.OwnHouseholdForm(request.POST, auto_id="own_%s"),
}
ACTS = {
    "move": lambda shown, said, by: membership.move(member=shown, by=by, **said),
    "exempt": lambda shown, said, by: membership.exempt(member=shown, by=by, **said),
    "leave": lambda shown, said, by: membership.leave(member=shown, by=by, **said),
    "own": _own,
}


@require_POST
def end_exemption(request, pk, exemption):
    shown = _fetch(request, pk, "party.change")
    row = get_object_or_404(shown.exemptions, pk=exemption)
    try:
        membership.end_exemption(exemption=row, on=clock.today(), by=request.user)
        messages.success(request, _("Saved."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("party:member", pk)
