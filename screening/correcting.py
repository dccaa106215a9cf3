"""Correcting one finding of a report: the rest is said again as it stands, so that nothing else is withdrawn."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from screening import reporting
from screening.models import DailyReport, Finding, Submission

SAID = ("area", "household", "field", "category", "severity", "line", "outcome")


@transaction.atomic
def correct_finding(*, by, finding: Finding, client_id, said: dict | None, proxy=False) -> reporting.Filed:
    """Replaces one standing finding by what is `said` now, or takes it out (None). The same `client_id` again changes
    nothing. Raises ReportRefused for a finding that was corrected meanwhile or has become a case."""
    report = DailyReport.objects.select_for_update(of=("self",)).select_related("area").get(pk=finding.report_id)
    seen = Submission.objects.filter(client_id=client_id, report=report).exclude(kind="conflict").first()
    if seen:
        return reporting.Filed(report, seen, reporting.REPLAYED)
    standing = report.findings.filter(withdrawn_by__isnull=True).select_related("area", "household__area")
    rows = {row.pk: row for row in standing.order_by("pk")}
    if finding.pk not in rows:
        raise reporting.ReportRefused(_("This finding was corrected meanwhile. Look at the report as it is now."))
    if rows.pop(finding.pk).case_id:
        raise reporting.ReportRefused(_("This finding has become a case. It changes by the acts of the case only."))
    kept = [{name: getattr(row, name) for name in SAID} for row in rows.values()]
    return reporting.file_report(
        by=by, area=report.area, day=report.day, client_id=client_id, proxy=proxy, correction=True,
        findings=kept + ([said] if said else []),
    )  # fmt: skip
