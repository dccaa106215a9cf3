"""Pages of the daily report: what is due today, filing it, one report with its versions, correcting, voiding."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from grids import access
from grids.models import Area
from screening import due, reporting
from screening.correcting import correct_finding
from screening.forms import FindingForm, VoidForm, initial_of
from screening.lists import list_url
from screening.models import DailyReport


@require_safe
def today(request):
    """The worker's page: what is due, one button for nothing found, one for something found."""
    duties = due.today_of(request.user)
    if not duties:
        raise PermissionDenied("report.file")
    return render(request, "screening/today.html", {"duties": duties, "new_id": uuid.uuid4})


@require_POST
def file_nil(request):
    """Nothing found: the form of one button."""
    area, day, proxy = _place(request, request.POST)
    try:
        number = uuid.UUID(request.POST.get("client_id", ""))
    except ValueError as wrong:
        raise BadRequest("client_id") from wrong
    try:
        _tell(request, reporting.file_report(by=request.user, area=area, day=day, client_id=number, proxy=proxy))
    except reporting.ReportRefused as refused:
        messages.error(request, str(refused))
    return redirect(_back(proxy, area))


@require_http_methods(["GET", "HEAD", "POST"])
def found(request):
    """Something found: one matter, then the next."""
    area, day, proxy = _place(request, request.GET)
    form = FindingForm(request.POST or None, area=area, user=request.user, initial={"client_id": uuid.uuid4()})
    if form.is_valid():
        filed = _file(
            form, reporting.file_report,
            by=request.user, area=area, day=day, client_id=form.cleaned_data["client_id"],
            findings=[form.asked()], proxy=proxy,
        )  # fmt: skip
        if filed:
            _tell(request, filed)
            return redirect(_back(proxy, area))
    return _form_page(request, form, area, day, proxy)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk, finding):
    """One finding said anew, or taken out."""
    report = _report(request.user, pk)
    row = get_object_or_404(report.findings.select_related("area", "household"), pk=finding)
    proxy = _files_for_another(request.user, report.area)
    first = initial_of(row) | {"client_id": uuid.uuid4()}
    form = FindingForm(request.POST or None, area=report.area, user=request.user, initial=first)
    takes_out = "take_out" in request.POST
    if form.is_bound and (form.is_valid() or (takes_out and "client_id" in form.cleaned_data)):
        filed = _file(
            form, correct_finding,
            by=request.user, finding=row, client_id=form.cleaned_data["client_id"], proxy=proxy,
            said=None if takes_out else form.asked(),
        )  # fmt: skip
        if filed:
            _tell(request, filed)
            return redirect("screening:report", pk)
    return _form_page(request, form, report.area, report.day, proxy, corrected=row)


@require_safe
def report(request, pk):
    """One report: what stands, every version as it came in, voiding."""
    return _report_page(request, _report(request.user, pk), VoidForm())


@require_POST
def void(request, pk):
    row = _report(request.user, pk)
    form = VoidForm(request.POST)
    if form.is_valid():
        try:
            reporting.void_report(by=request.user, report=row, reason=form.cleaned_data["reason"])
        except reporting.ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The report is voided. The day is open again."))
            return redirect("screening:report", pk)
    return _report_page(request, row, form, status=422)


def _report_page(request, row, form, status=200):
    standing = row.voided_at is None
    versions = row.submissions.select_related("by").order_by("received_at", "pk")
    return render(
        request,
        "screening/report.html",
        {
            "report": row,
            "findings": due.standing_findings(row),
            "findings_url": None if row.voided_at else list_url("screening:findings", row.area, row.day),
            "withdrawn": row.findings.filter(withdrawn_by__isnull=False).select_related("withdrawn_by").order_by("pk"),
            "versions": versions,
            "form": form,
            "may_void": standing and access.may(request.user, "report.void", row.area_path),
            "may_correct": standing and _may_file(request.user, row.area),
        },
        status=status,
    )


def _report(user, pk):
    reports = DailyReport.objects.select_related("area", "village", "town", "worker", "voided_by")
    return access.fetch(reports, user, "report.view", pk=pk)


def _place(request, said):
    """The reporting area, the day and whether the person files for another; 404 outside his areas, 403 without the
    right there."""
    code = said.get("area", "")
    if "\x00" in code:  # no text of the database holds it
        raise BadRequest("area")
    area = get_object_or_404(Area.objects.visible_to(request.user).select_related("village"), code=code)
    return area, _day(said.get("day")), _files_for_another(request.user, area)


def _day(text):
    """The day asked for, today where none is; BadRequest for what is no day."""
    try:
        day = parse_date(text) if text else clock.today()
    except ValueError:
        day = None
    if day is None:
        raise BadRequest("day")
    return day


def _may_file(user, area):
    return any(access.may(user, action, area.path) for action in ("report.file", "report.file_for"))


def _files_for_another(user, area):
    if not _may_file(user, area):
        raise PermissionDenied("report.file")
    return not access.may(user, "report.file", area.path)


def _file(form, verb, **said):
    """Calls the verb; what it refuses is written on the form. Returns what was filed, or None."""
    try:
        return verb(**said)
    except reporting.ReportRefused as refused:
        form.add_error(None, str(refused))
    except ValidationError as refused:
        form.add_error(None, refused.messages)
    return None


def _form_page(request, form, area, day, proxy, corrected=None):
    return render(
        request,
        "screening/found.html",
        {
            "form": form, "area": area, "day": day, "is_today": day == clock.today(), "proxy": proxy,
            "corrected": corrected, "back": _back(proxy, area),
        },
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _back(proxy, area):
    return f"{reverse('screening:desk')}?area={area.village.code}" if proxy else reverse("screening:today")


def _tell(request, filed):
    """Says what the server did with a filing: its own receipt, never the phone's opinion."""
    report, time = filed.report, filed.submission.received_at.astimezone(clock.SHANGHAI)
    if filed.status == reporting.CONFLICT:
        messages.warning(
            request, _("This form was received before with other content. Both are kept; the first one stands.")
        )
        return
    words = {"time": formats.date_format(time, "H:i"), "day": formats.date_format(report.day, "MONTH_DAY_FORMAT")}
    if filed.status == reporting.ADDED:
        text = _("Added to the report of %(day)s at %(time)s.")
    elif filed.status == reporting.CORRECTED:
        text = _("The report of %(day)s was corrected at %(time)s.")
    else:
        text = _("Received at %(time)s, late.") if report.late else _("Received at %(time)s, on time.")
    messages.success(request, text % words)
