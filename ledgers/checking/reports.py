"""The reports' own marks against what they were drawn from: late, nil, first receipt, one report per area and day."""

from collections import Counter

from common import clock
from ledgers.checking.differences import Difference
from screening.models import DailyReport, Finding, Submission


def check(window, checked):
    """Yields what is wrong with the reports of the window's days."""
    span = (window.lo, window.hi)
    findings = Counter(
        Finding.objects.filter(withdrawn_by=None, day__range=span).values_list("report_id", flat=True).iterator()
    )
    first_receipts = {}
    sent = Submission.objects.exclude(kind="conflict").filter(report__day__range=span)
    for report, received in sent.values_list("report_id", "received_at").iterator():
        first_receipts[report] = min(received, first_receipts.get(report, received))
    before = None
    rows = DailyReport.objects.filter(day__range=span).order_by("area_id", "day", "pk")
    for report in rows.iterator(chunk_size=5000):
        checked.reports += 1
        for figure, stored, recounted in _wrong(report, findings[report.pk], first_receipts.get(report.pk)):
            if stored != recounted:
                yield _difference(window, report, figure, stored, recounted)
        if report.voided_at is None:
            if before == (report.area_id, report.day):
                yield _difference(window, report, "standing reports", "more than one", 1)
            before = (report.area_id, report.day)
    yield from _findings_elsewhere(window, span)


def _wrong(report, findings, first_receipt):
    """(what, stored, recounted) of one report."""
    yield "first receipt", report.received_at, first_receipt
    yield "late", report.late, report.received_at > report.due_by
    yield "day of the cut-off", report.due_by.astimezone(clock.SHANGHAI).date(), report.day
    if report.voided_at is None:
        yield "nil", report.nil, findings == 0
    else:
        yield "findings of a voided report", findings, 0


def _findings_elsewhere(window, span):
    """A finding counts on the day and in the village of its report; one raised at a visit may belong to none."""
    rows = Finding.objects.filter(day__range=span, report__isnull=False).select_related("report")
    for finding in rows.only("day", "village", "report__day", "report__village", "report__area").iterator():
        if (finding.day, finding.village_id) != (finding.report.day, finding.report.village_id):
            told = (finding.day.isoformat(), window.codes[finding.village_id])
            yield _difference(
                window, finding.report, "day and village of a finding", told,
                (finding.report.day.isoformat(), window.codes[finding.report.village_id]),
            )  # fmt: skip


def _difference(window, report, figure, stored, recounted):
    return Difference(window.codes[report.area_id], report.day.isoformat(), figure, stored, recounted)
