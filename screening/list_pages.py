"""The pages of the lists of reports and findings, and their downloads."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from casework.codes import Category, Field, Severity
from common import clock, spreadsheets
from screening.lists import AWAY, STATES, FindingFilters, ReportFilters
from screening.models import Finding

A_PAGE = 50  # rows
TONES = {"on_time": "good", "late": "warn", "missing": "bad", "excused": "calm", "pending": "calm"}


@require_safe
def reports(request):
    return _page(request, ReportFilters(request.GET, user=request.user), "screening/reports.html", readable_report)


@require_safe
def findings(request):
    return _page(request, FindingFilters(request.GET, user=request.user), "screening/findings.html", readable_finding)


def _page(request, filters, template, readable):
    rows = filters.rows() if filters.is_valid() else []
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [readable(row) for row in page.object_list]
    return render(
        request,
        template,
        {
            "filters": filters,
            "area": filters.area,
            "page_obj": page,
            "figures_only": filters.figures_only,
        },
        status=200 if filters.is_valid() else 400,
    )


def readable_report(row: dict) -> dict:
    """A row of ExpectedReports with its state in words."""
    words = {"state_label": dict(STATES)[row["state"]], "tone": TONES[row["state"]]}
    if "excuse" in row:
        words["excuse"] = excuse_of(row)
    return row | words | {"place": place_of(row["village_name"], row["area_name"])}


def readable_finding(row: dict) -> dict:
    """A row of FindingFilters.rows in words."""
    return row | {
        "place": place_of(row["village__name"], row["area__name"]),
        "field": Field(row["field"]).label,
        "category": Category(row["category"]).label,
        "severity": Severity(row["severity"]).label,
        "outcome_label": Finding.Outcome(row["outcome"]).label,
    }


def place_of(village, area):
    """A village's grids mostly carry its name already."""
    return area if area.startswith(village) else f"{village} · {area}"


@require_safe
def export_reports(request):
    filters = ReportFilters(request.GET, user=request.user)
    named = not filters.figures_only
    worker, excuse = ([_("Worker")], [_("Excuse")]) if named else ([], [])
    head = [_("Day"), _("Place"), *worker, _("State"), _("Received"), _("Nil report"), *excuse, _("Since")]

    def cells(row):
        nil = "" if row["report_id"] is None else _("yes") if row["nil"] else _("no")
        worker, excuse = ([row["worker"] or _("vacant")], [row["excuse"]]) if named else ([], [])
        return [row["day"], row["place"], *worker, row["state_label"], _local(row["received_at"]), nil, *excuse,
                row["since"]]  # fmt: skip

    return _export(request, filters, _("Daily reports"), "reports", head, readable_report, cells)


@require_safe
def export_findings(request):
    filters = FindingFilters(request.GET, user=request.user)
    head = [_("Day"), _("Place"), _("Field"), _("Category"), _("Severity"), _("What was done"), _("Case number")]
    keys = ["day", "place", "field", "category", "severity", "outcome_label", "case__number"]
    if not filters.figures_only:
        head, keys = [*head, _("In one line")], [*keys, "text"]
    return _export(
        request, filters, _("Findings"), "findings", head, readable_finding, lambda row: [row[key] for key in keys]
    )


def _export(request, filters, title, name, head, readable, cells):
    """The whole list as .xlsx; recorded, because a download leaves the platform."""
    rows = filters.rows() if filters.is_valid() else []
    audit.record(request.user, f"{name}_export", area_code=filters.area.code, reason=request.GET.urlencode()[:200])
    sheet = spreadsheets.Sheet(title, head, (cells(readable(row)) for row in rows))
    return spreadsheets.answer(request, f"{name}-{clock.today():%Y%m%d}", [sheet])


def excuse_of(row: dict) -> str:
    """Why a report was not due from anybody: the leave's reason (or that there is leave, for those who do not grant
    it), or that the post is vacant."""
    if row["state"] != "excused":
        return ""
    if row["excuse"] == AWAY:
        return _("on leave")
    return row["excuse"] or _("post vacant")


def _local(moment):
    return moment.astimezone(clock.SHANGHAI) if moment else None
