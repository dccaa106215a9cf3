"""The list of households and its download."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from common import clock, masking, spreadsheets
from grids import access
from households.lists import HouseholdFilters
from households.models import Household

A_PAGE = 50  # rows


@require_safe
def household_list(request):
    filters = HouseholdFilters(request.GET, user=request.user)
    rows = filters.rows() if filters.is_valid() else []
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [readable(row) for row in page.object_list]
    return render(
        request,
        "households/list.html",
        {
            "filters": filters,
            "area": filters.area,
            "page_obj": page,
            "figures_only": filters.figures_only,
            "may_import": access.may_somewhere(request.user, "household.import"),
            "may_enter": access.may(request.user, "household.change", filters.area.path),
            "may_set": access.may_somewhere(request.user, "roster.set") and filters.area.town_id,
        },
        status=200 if filters.is_valid() else 400,
    )


@require_safe
def export(request):
    """The whole list as .xlsx, names masked as on the page; recorded, because a download leaves the platform."""
    filters = HouseholdFilters(request.GET, user=request.user)
    rows = filters.rows() if filters.is_valid() else []
    audit.record(request.user, "households_export", area_code=filters.area.code, reason=_asked(request))
    head, keys = [_("Code"), _("Place"), _("Linked")], ["code", "place", "linked_label"]
    if not filters.figures_only:
        head = [*head, _("Household"), _("Kind"), _("Living there"), _("Needs"), _("Looked after by")]
        keys = [*keys, "name", "kind", "living", "need_label", "member"]
    lines = ([row[key] for key in keys] for row in map(readable, rows))
    return spreadsheets.answer(
        request, f"households-{clock.today():%Y%m%d}", [spreadsheets.Sheet(_("Households"), head, lines)]
    )


def _asked(request) -> str:
    """The filters as they go on record; what was typed may be a number or a name and is not repeated."""
    said = request.GET.copy()
    if said.get("q"):
        said["q"] = "…"
    return said.urlencode()[:200]


def readable(row: dict) -> dict:
    """A row of HouseholdFilters.rows in words, the household's name masked."""
    village, place = row["village_name"], row["place"]
    words = {
        "place": place if place.startswith(village) else f"{village} · {place}",
        "linked_label": _("linked") if row["linked"] else _("not linked"),
    }
    if "name" in row:
        words |= {"name": masking.name(row["name"]), "kind": Household.Kind(row["kind"]).label}
        words["living"] = _("somebody lives there") if row["lives_here"] else _("all live away")
        words["need_label"] = _("need stated") if row["has_need"] else ""
    return row | words
