"""Pages of party members: the list and its table."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from common import clock, spreadsheets
from grids import access
from households.coverage import list_url
from households.member_lists import MemberFilters, state_of

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
