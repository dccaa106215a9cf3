"""Filing the daily report: first report, addition, correction, resend, void; the verb behind page, phone and API."""

import hashlib
import uuid
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from casework.codes import Severity
from common import canonical, clock
from common.writing import insert_unless_there
from disputes import workflow as dispute_workflow
from grids import access, changes
from grids.models import Placement
from orders import workflow as order_workflow
from screening.duty import due_by, duty_holder
from screening.models import DailyReport, DutyRule, Finding, Submission

CREATED, ADDED, CORRECTED, REPLAYED, CONFLICT = "created", "added", "corrected", "replayed", "conflict"


class ReportRefused(ValueError):
    """The report cannot be taken; the message says to the person what to do."""


class _AlreadySeen(Exception):
    """This client id is in the database already; undo what this filing began."""


@dataclass(frozen=True)
class Filed:
    """What became of a filing: the report, the submission it is (or repeats), and one of the five answers."""

    report: DailyReport
    submission: Submission
    status: str


def file_report(*, by, area, day, client_id, findings=(), captured_at=None, proxy=False, correction=False) -> Filed:
    """Takes one filing for a reporting area and a day (architecture, Duty; requirements R3, R6).

    `findings` is a list of dicts: area (an Area at or below the grid, or None for the grid itself), household (its
    micro-grid is the place then), field, category, severity, line, outcome ("spot", "dispute", "order") and parties;
    empty means nothing was found (零报告). A correction names everything that stands: what it leaves out is withdrawn.
    The same `client_id` with the same content is answered as REPLAYED and changes nothing; with other content as
    CONFLICT, and both are kept. Raises ReportRefused, or PermissionDenied outside the person's posts.
    """
    access.require(by, "report.file_for" if proxy else "report.file", area)
    content = _content(area, day, findings, correction)
    with transaction.atomic():
        sent = Submission(
            client_id=client_id, by=by, proxy=proxy, received_at=clock.now(), captured_at=captured_at,
            content=content, digest=canonical.digest(content),
        )  # fmt: skip
        try:
            with transaction.atomic():
                return _take(sent, area, day, list(findings), correction)
        except _AlreadySeen:
            return _seen_before(sent)


def _content(area, day, findings, correction):
    """The filing as canonical data: what was said, by codes and plain words."""

    def plain(finding):
        kept = {key: str(finding.get(key) or "") for key in ("field", "category", "severity", "line", "outcome")}
        place, household = finding.get("area"), finding.get("household")
        parties = [[party["name"], party.get("phone", "")] for party in finding.get("parties", ())]
        return kept | {"area": place.code if place else "", "household": household.code if household else "",
                       "parties": hashlib.sha256(repr(parties).encode()).hexdigest() if parties else ""}  # fmt: skip

    said = {"area": area.code, "day": day.isoformat(), "findings": [plain(finding) for finding in findings]}
    return said | ({"correction": True} if correction else {})


def _take(sent, area, day, findings, correction):
    place = _placement(area, day)
    report, is_first = _report_of(place, area, day, sent)
    if is_first:
        sent.kind = Submission.Kind.FIRST
    else:
        sent.kind = Submission.Kind.CORRECTION if correction else Submission.Kind.ADDITION
    sent.report = report
    if not insert_unless_there(sent):
        raise _AlreadySeen
    kept = _withdraw(report, sent, findings) if correction and not is_first else Counter()
    for finding in findings:
        key = _key(finding, area)
        if kept[key] > 0:
            kept[key] -= 1
        else:
            _record(report, sent, finding, area, place)
    if not is_first:
        renew_nil(report)
    changes.touch(place, day, changes.REPORT)
    status = CREATED if is_first else CORRECTED if correction else ADDED
    return Filed(report, sent, status)


# written out: the statement of every filing, and composing it anew each time cost more than running it
PLACED = """SELECT p.*, (SELECT r.cut_off FROM screening_dutyrule r WHERE r.town_id = p.town_id
        AND r.from_day <= %(day)s AND (r.until_day IS NULL OR r.until_day > %(day)s)) AS cut_off
    FROM grids_placement p JOIN grids_townprofile w ON w.town_id = p.town_id AND w.in_use_from <= %(day)s
    WHERE p.area_id = %(area)s AND p.reports
        AND p.from_day <= %(day)s AND (p.until_day IS NULL OR p.until_day > %(day)s)"""


def _placement(area, day):
    """Where the area counts on the day, with the town's rule of that day in the same statement."""
    if day > clock.today():
        raise ReportRefused(_("That day has not come yet. Choose today or an earlier day."))
    place = next(iter(Placement.objects.raw(PLACED, {"day": day, "area": area.pk})), None)
    if place is None:
        raise ReportRefused(_("No report is kept for this place on that day. Choose your grid and a day it was open."))
    return place


def _report_of(place, area, day, sent):
    """The report of the area and day, and whether this filing is its first receipt. The unique index decides between
    parallel filings: the second waits for the first and finds its row."""
    limit = due_by(DutyRule(cut_off=place.cut_off) if place.cut_off else DutyRule(), day)
    report = DailyReport(
        area=area, area_path=area.path, day=day, town_id=place.town_id, village_id=place.village_id,
        worker_id=_worker_id(sent, area, day), nil=not sent.content["findings"],
        received_at=sent.received_at, due_by=limit, late=sent.received_at > limit,
    )  # fmt: skip
    while not insert_unless_there(report):
        standing = DailyReport.objects.select_for_update().filter(area=area, day=day, voided_at__isnull=True).first()
        if standing:  # else it was voided while we waited for its lock, and ours is the first again
            _received_first(standing, sent.received_at)
            return standing, False
    return report, True


def _received_first(report, moment):
    """Parallel filings may be written in another order than they came in; the first receipt decides (R3)."""
    if moment < report.received_at:
        report.received_at, report.late = moment, moment > report.due_by
        report.save(update_fields=["received_at", "late"])


def _worker_id(sent, area, day):
    """Whose report it is: the person's own, or that of the one the desk files for."""
    return (duty_holder(area, day) if sent.proxy else None) or sent.by_id


def _seen_before(sent):
    """Answers a client id that is known: the same content is a resend, other content is kept as a conflict."""
    first = Submission.objects.exclude(kind="conflict").select_related("report").get(client_id=sent.client_id)
    if first.digest == sent.digest:
        return Filed(first.report, first, REPLAYED)
    sent.pk, sent.report, sent.kind = None, first.report, Submission.Kind.CONFLICT
    insert_unless_there(sent)
    return Filed(first.report, first, CONFLICT)


def _spot(finding, area):
    """Where a finding lies: the household's micro-grid, the place named, or the grid itself."""
    household = finding.get("household")
    return household.area if household else finding.get("area") or area


def _key(finding, area):
    """What makes two findings the same matter, for a correction that keeps some of them. What was raised as a case
    is known by less, so that naming it with another severity does not raise it a second time."""
    if isinstance(finding, Finding):
        finding = {name: getattr(finding, name) for name in
                   ("area", "household", "field", "category", "severity", "line", "outcome")}  # fmt: skip
    known = (_spot(finding, area).pk, finding["field"], finding["category"], finding["line"], finding["outcome"])
    if finding["outcome"] != Finding.Outcome.ON_THE_SPOT:
        return known
    household = finding.get("household")
    return (*known, finding.get("severity") or Severity.ORDINARY, household.pk if household else None)


def _withdraw(report, sent, findings):
    """Withdraws the standing findings that the correction no longer names; returns how often each key stays.
    A finding that became a case stays: a case ends by its own acts, not by a correction."""
    named = Counter(_key(finding, report.area) for finding in findings)
    kept, gone = Counter(), []
    for row in report.findings.filter(withdrawn_by__isnull=True).select_related("area", "household__area"):
        key = _key(row, report.area)
        if row.case_id or kept[key] < named[key]:
            kept[key] += 1
        else:
            gone.append(row.pk)
    Finding.objects.filter(pk__in=gone).update(withdrawn_by=sent)
    return kept


def _record(report, sent, finding, area, place):
    """Writes one finding and raises it as dispute or order where the worker said so."""
    spot = _spot(finding, area)
    if not spot.path.startswith(area.path):
        raise ReportRefused(_("That place does not lie in your grid. Choose a micro-grid from the list."))
    row = Finding(
        report=report, submission=sent, day=report.day, area=spot, area_path=spot.path,
        town_id=place.town_id, village_id=place.village_id, grid_id=area.pk, household=finding.get("household"),
        field=finding["field"], category=finding["category"], severity=finding.get("severity") or Severity.ORDINARY,
        line=finding["line"], outcome=finding["outcome"],
    )  # fmt: skip
    row.case_id = raise_case(row, sent.by, finding.get("parties", ()))
    row.save()


def raise_case(row, by, parties, *, source="daily_report", by_right=None):
    """Registers the dispute or places the order a finding asks for; the id of the case, or None."""
    if row.outcome == Finding.Outcome.DISPUTE:
        dispute = dispute_workflow.register(
            by=by, area=row.area, category=row.category, field=row.field, line=row.line, severity=row.severity,
            source=source, parties=parties, by_right=by_right,
        )  # fmt: skip
        return dispute.pk
    if row.outcome == Finding.Outcome.ORDER:
        return order_workflow.place(
            by=by, area=row.area, line=row.line, category=row.category, field=row.field, by_right=by_right
        ).pk
    return None


def renew_nil(report):
    """A report with a standing finding is none of nothing found."""
    standing = Finding.objects.filter(report=OuterRef("pk"), withdrawn_by__isnull=True)
    DailyReport.objects.filter(pk=report.pk).update(nil=~Exists(standing))
    report.refresh_from_db(fields=["nil"])


def receipt(filed: Filed) -> dict:
    """What the server answers to a filing: status, number of standing findings of the report, late (bool), and
    received_at (when this filing first came in, ISO 8601)."""
    report = filed.report
    known = filed.status == CREATED and report.nil
    standing = 0 if known else report.findings.filter(withdrawn_by__isnull=True).count()
    return {
        "status": filed.status,
        "findings": standing,
        "late": report.late,
        "received_at": filed.submission.received_at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
    }


@transaction.atomic
def void_report(*, by, report, reason: str) -> DailyReport:
    """Voids a report filed by mistake; row, findings and versions stay, and the day is missing again.
    Raises ReportRefused without a reason or when it was voided before."""
    if not reason.strip():
        raise ReportRefused(_("Say why the report is voided."))
    report = DailyReport.objects.select_for_update(of=("self",)).select_related("area").get(pk=report.pk)
    access.require(by, "report.void", report)
    if report.voided_at:
        raise ReportRefused(_("This report was voided before."))
    report.voided_at, report.voided_by, report.void_reason = clock.now(), by, reason.strip()
    report.save(update_fields=["voided_at", "voided_by", "void_reason"])
    content = {"area": report.area.code, "day": report.day.isoformat(), "void": reason.strip()}
    mark = Submission.objects.create(
        client_id=uuid.uuid4(), report=report, kind=Submission.Kind.VOID, by=by, received_at=clock.now(),
        content=content, digest=canonical.digest(content),
    )  # fmt: skip
    report.findings.filter(withdrawn_by__isnull=True).update(withdrawn_by=mark)
    changes.touch(report, report.day, changes.REPORT)
    return report
