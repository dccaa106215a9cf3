"""The pages of the lists of visits and of what is due, and their downloads."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from common import clock, masking, spreadsheets
from grids import access
from grids.choosing import area_of_list
from screening.list_pages import A_PAGE, place_of
from screening.models import Visit
from screening.visit_lists import DueFilters, VisitFilters


@require_safe
def visits(request):
    filters = VisitFilters(request.GET, user=request.user)
    town = filters.area.town
    planned = town.code if town and access.may(request.user, "visit.plan", town.path) else ""
    more = {"may_receive": access.may_somewhere(request.user, "reception.record"), "planned_town": planned}
    return _page(request, filters, "screening/visits.html", readable, more)


@require_safe
def due(request):
    return _page(request, _due_filters(request), "screening/visits_due.html", readable_due, {})


def _due_filters(request):
    area = area_of_list(request.user, "visit.view", request.GET.get("area", ""))
    return DueFilters(request.GET, user=request.user, today=clock.today(), area=area)


def _page(request, filters, template, readable, more):
    rows = filters.rows() if filters.is_valid() else []
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [readable(row) for row in page.object_list]
    shown = {"filters": filters, "area": filters.area, "page_obj": page, "figures_only": filters.figures_only}
    return render(request, template, shown | more, status=200 if filters.is_valid() else 400)


def readable(row: dict) -> dict:
    """A row of VisitFilters.rows in words, the household's name masked."""
    words = {
        "place": place_of(row["village__name"], row["area__name"]),
        "kind_label": Visit.Kind(row["kind"]).label,
        "result_label": Visit.Result(row["result"]).label,
        "capacity_label": Visit.Capacity(row["capacity"]).label,
    }
    if "household__name" in row:
        words["home"] = masking.name(row["household__name"]) if row["household__name"] else ""
    return row | words


def readable_due(row: dict) -> dict:
    """A row of DueFilters.rows in words, the household's name masked."""
    words = {"place": place_of(row["village_name"], row["place"])}
    return row | words | ({"name": masking.name(row["name"])} if "name" in row else {})


@require_safe
def export_visits(request):
    filters = VisitFilters(request.GET, user=request.user)
    head = [_("Day"), _("Place"), _("Kind of visit"), _("Result"), _("Visited as")]
    keys = ["day", "place", "kind_label", "result_label", "capacity_label"]
    if not filters.figures_only:
        head += [_("Household"), _("Household code"), _("Visited by"), _("What was raised"), _("Case number")]
        keys += ["home", "household__code", "by__name", "text", "finding__case__number"]
    return _export(request, filters, "visits", _("Visits"), head, keys, readable)


@require_safe
def export_due(request):
    filters = _due_filters(request)
    head, keys = [_("Household code"), _("Place"), _("Last visit")], ["code", "place", "last_visit"]
    if not filters.figures_only:
        head, keys = [*head, _("Household"), _("Looked after by")], [*keys, "name", "visitor"]
    return _export(request, filters, "visits_due", _("Visits due"), head, keys, readable_due)


def _export(request, filters, name, title, head, keys, readable):
    """The whole list as .xlsx; recorded, because a download leaves the platform."""
    rows = filters.rows() if filters.is_valid() else []
    audit.record(request.user, f"{name}_export", area_code=filters.area.code, reason=request.GET.urlencode()[:200])
    lines = ([row[key] for key in keys] for row in map(readable, rows))
    return spreadsheets.answer(request, f"{name}-{clock.today():%Y%m%d}", [spreadsheets.Sheet(title, head, lines)])
