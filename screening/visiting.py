"""Recording visits to households and what was heard at open receptions: record, correct, withdraw; the verb behind
page, phone and API."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from casework.codes import Severity
from common import canonical, clock
from common.fields import STEP
from common.writing import insert_unless_there
from grids import access, changes
from grids.models import Area
from grids.roles import Role as R
from screening import reporting
from screening.models import Finding, Submission, Visit, VisitConflict
from screening.reporting import CONFLICT, CORRECTED, CREATED, REPLAYED

ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
LOOK_BACK = 31  # days: who forgot a visit longer than that no longer knows it
Capacity = Visit.Capacity
CAPACITIES = [  # the first that the person holds at the place
    (Capacity.LEADER, {R.TOWN_LEADER, R.TOWN_DESK}),
    (Capacity.CADRE, {R.AREA_CADRE}),
    (Capacity.VILLAGE, {R.VILLAGE_DESK, R.VILLAGE_DIRECTOR, R.VILLAGE_SECRETARY}),
    (Capacity.WORKER, {R.GRID_WORKER, R.GRID_ASSISTANT, R.GRID_LEADER}),
]
SAID = ("result", "present", "reasons", "line", "follow_up", "again_on")


class VisitRefused(ValueError):
    """The visit cannot be taken; the message says to the person what to do."""


@dataclass(frozen=True)
class Recorded:
    """What became of it: the visit, and one of created, corrected, replayed, conflict."""

    visit: Visit
    status: str


def record(*, by, client_id, day, household=None, area=None, matter=None, captured_at=None, **said) -> Recorded:
    """Takes one visit to a `household`, or what one resident brought to the open reception (`area`: the village it is
    about). `said`: result ("met", "nobody"), present (codes), reasons (words), line, follow_up, again_on.

    `matter` makes what was raised a finding of the day: field, category, severity, outcome ("spot", "dispute", "order")
    and parties; its line is the visit's. By somebody who files the grid's report it stands in the day's report.
    The same `client_id` with the same content is answered REPLAYED and changes nothing, with other content CONFLICT,
    and both are kept. Raises VisitRefused, or PermissionDenied outside the person's posts and households.
    """
    row = _row(by, client_id, day, household, area, matter, captured_at, said)
    require_recorder(by, household, area)
    with transaction.atomic():
        if not insert_unless_there(row):
            return _seen_before(row, _content(row, matter))
        _raise(row, matter)
    return Recorded(row, CREATED)


@transaction.atomic
def correct(*, by, visit: Visit, client_id, matter=None, captured_at=None, **said) -> Recorded:
    """Says one's own visit anew; the old row stays, withdrawn. A matter that was raised goes along and is corrected
    where it stands. Raises VisitRefused for a visit that was corrected or withdrawn meanwhile."""
    old = _locked(visit)
    seen = Visit.objects.filter(client_id=client_id).first()
    if seen:
        return Recorded(seen, REPLAYED if seen.corrects_id == old.pk else CONFLICT)
    _must_stand(old)
    _own(by, old)
    if old.finding_id and (matter or said.get("result") == Visit.Result.NOBODY):
        raise VisitRefused(_("A matter was raised at this visit already. Change it where it stands."))
    row = _row(by, client_id, old.day, old.household, old.area, matter, captured_at, said)
    row.capacity, finding, old.finding = old.capacity, old.finding, None
    _take_back(old, by, gettext("corrected"))
    row.corrects, row.finding = old, finding
    row.save()
    _raise(row, matter)
    return Recorded(row, CORRECTED)


@transaction.atomic
def withdraw(*, by, visit: Visit, reason: str) -> Visit:
    """Withdraws a visit recorded by mistake, one's own or, with the right, another's; what it found is withdrawn with
    it. Raises VisitRefused without a reason, or where what was raised has become a case."""
    if not reason.strip():
        raise VisitRefused(_("Say why the visit is withdrawn."))
    visit = _locked(visit)
    _must_stand(visit)
    if visit.by_id != by.pk:
        access.require(by, "visit.withdraw", visit)
    if visit.finding_id and visit.finding.case_id:
        raise VisitRefused(_("What was raised has become a case. It ends by the acts of the case only."))
    if visit.finding_id and visit.finding.withdrawn_by_id is None:
        _withdraw_finding(visit.finding, by, reason.strip())
    _take_back(visit, by, reason.strip())
    audit.record(by, "visit_withdraw", row=visit, area_code=visit.village.code, reason=reason.strip()[:200])
    return visit


def _row(by, client_id, day, household, area, matter, captured_at, said):
    """The visit as it will stand, checked."""
    place = household.area if household else area
    counts = _where(place, day, household)
    said = {name: said.get(name) for name in SAID if said.get(name)}
    said["line"], said["follow_up"] = said.get("line", "").strip(), said.get("follow_up", "").strip()
    row = Visit(
        client_id=client_id, kind=Visit.Kind.HOME if household else Visit.Kind.RECEPTION, household=household, day=day,
        area=place, area_path=place.path, town_id=counts.town_id, village_id=counts.village_id, grid_id=counts.grid_id,
        by=by, capacity=_capacity(by, place), received_at=clock.now(), captured_at=captured_at, **said,
    )  # fmt: skip
    _check(row, matter)
    row.digest = canonical.digest(_content(row, matter))
    return row


def _where(place, day, household):
    today = clock.today()
    if day > today:
        raise VisitRefused(_("That day has not come yet. Choose today or an earlier day."))
    if day < today - dt.timedelta(days=LOOK_BACK):
        raise VisitRefused(_("A visit is recorded within a month. This day is too long ago."))
    if household and (day < household.from_day or (household.until_day and day >= household.until_day)):
        raise VisitRefused(_("The household is not there on this day."))
    counts = changes.where(place.pk, day)
    if counts is None or counts.village_id is None:
        raise VisitRefused(_("Choose a village, grid or micro-grid that was there on this day."))
    return counts


def _check(row, matter):
    met = row.result == Visit.Result.MET
    if not met and (row.line or row.present or matter or row.kind == Visit.Kind.RECEPTION):
        raise VisitRefused(_("Nobody was home, so nobody was met and nothing was raised. Change one of the two."))
    if (matter or row.kind == Visit.Kind.RECEPTION) and not row.line:
        raise VisitRefused(_("Say in one line what was raised."))
    if ID_NUMBER.search(f"{row.line} {row.follow_up}"):
        raise VisitRefused(_("Write no ID number here. Take it out and save again."))
    if row.again_on and row.again_on <= row.day:
        raise VisitRefused(_("The day to go again lies after the visit."))


def _capacity(by, place):
    """As what the person comes: by a post that covers the place, else as the linked member of the household."""
    held = {post.role for post in access.posts(by) if place.path.startswith(post.area.path)}
    return next((capacity for capacity, roles in CAPACITIES if held & roles), Capacity.MEMBER)


def _content(row, matter):
    """The visit as canonical data: what was said, by codes and plain words."""
    kept = {name: str(getattr(row, name) or "") for name in ("result", "line", "follow_up", "again_on")}
    kept |= {"present": sorted(row.present), "reasons": sorted(row.reasons), "day": row.day.isoformat()}
    kept |= {"household": row.household.code} if row.household else {"area": row.area.code}
    if matter:
        parties = [[party["name"], party.get("phone", "")] for party in matter.get("parties", ())]
        names = ("field", "category", "severity", "outcome")
        kept["matter"] = {name: str(matter.get(name) or "") for name in names}
        kept["matter"]["parties"] = canonical.digest(parties) if parties else ""
    return kept


def _seen_before(row, content):
    """Answers a client id that is known: the same content is a resend, other content is kept as a conflict."""
    first = Visit.objects.select_related("household", "area").get(client_id=row.client_id)
    if first.digest == row.digest and first.by_id == row.by_id:
        return Recorded(first, REPLAYED)
    kept = VisitConflict(visit=first, by=row.by, received_at=row.received_at, content=content, digest=row.digest)
    insert_unless_there(kept)
    return Recorded(first, CONFLICT)


def _raise(row, matter):
    """Makes what was raised a finding of the day, and has the day counted anew."""
    if matter:
        finding = _in_report(row, matter) or _by_itself(row, matter)
        row.finding = finding
        Visit.objects.filter(pk=row.pk).update(finding=finding)
    if row.household_id:
        changes.touch(row, row.day, changes.VISIT)


def _in_report(row, matter):
    """The finding as part of the report of its grid and day, where the person files that report; else None."""
    steps = [row.area_path[:end] for end in range(STEP, len(row.area_path) + 1, STEP)]
    grid = Area.objects.filter(path__in=steps, reports=True).first()
    if grid is None or not access.may(row.by, "report.file", grid.path):
        return None
    said = matter | {"line": row.line, "area": row.area, "household": row.household}
    filed = reporting.file_report(by=row.by, area=grid, day=row.day, client_id=uuid.uuid4(), findings=[said])
    return filed.submission.findings.get()


def _by_itself(row, matter):
    """The finding of somebody who files no report: on its day and at its place, in no report."""
    names = ("field", "category", "outcome")
    content = {"visit": str(row.client_id)}
    sent = Submission.objects.create(
        client_id=uuid.uuid4(), kind=Submission.Kind.ADDITION, by=row.by, received_at=row.received_at,
        content=content, digest=canonical.digest(content),
    )  # fmt: skip
    finding = Finding(
        submission=sent, day=row.day, area=row.area, area_path=row.area_path, town_id=row.town_id,
        village_id=row.village_id, grid_id=row.grid_id or row.village_id, household=row.household, line=row.line,
        severity=matter.get("severity") or Severity.ORDINARY, **{name: matter[name] for name in names},
    )  # fmt: skip
    right = ("visit.record", row.household) if row.household else ("reception.record", row.area)
    finding.case_id = reporting.raise_case(
        finding, row.by, matter.get("parties", ()), source="visit", by_right=right
    )  # fmt: skip
    finding.save()
    changes.touch(row, row.day, changes.REPORT)
    return finding


def _locked(visit):
    rows = Visit.objects.select_for_update(of=("self",)).select_related("finding", "household__area", "area", "village")
    return rows.get(pk=visit.pk)


def _must_stand(visit):
    if visit.withdrawn_at:
        raise VisitRefused(_("This visit was corrected or withdrawn meanwhile. Look at it as it is now."))


def _own(by, visit):
    if visit.by_id != by.pk:
        raise VisitRefused(_("Only who paid the visit corrects it. It can be withdrawn with a reason."))
    require_recorder(by, visit.household, visit.area)


def require_recorder(by, household, area):
    """PermissionDenied unless the person may record a visit to the household, or a reception about the area."""
    access.require(by, "visit.record" if household else "reception.record", household or area)


def _take_back(visit, by, reason):
    visit.withdrawn_at, visit.withdrawn_by, visit.withdraw_reason = clock.now(), by, reason
    visit.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason", "finding"])
    if visit.household_id:
        changes.touch(visit, visit.day, changes.VISIT)


def _withdraw_finding(finding, by, reason):
    content = {"withdrawn": reason}
    mark = Submission.objects.create(
        client_id=uuid.uuid4(), report=finding.report, kind=Submission.Kind.CORRECTION, by=by,
        received_at=clock.now(), content=content, digest=canonical.digest(content),
    )  # fmt: skip
    Finding.objects.filter(pk=finding.pk).update(withdrawn_by=mark)
    if finding.report_id:
        reporting.renew_nil(finding.report)
    changes.touch(finding, finding.day, changes.REPORT)


def receipt(recorded: Recorded) -> dict:
    """What the server answers: status, the visit's number, and received_at (when it first came in, ISO 8601)."""
    visit = recorded.visit
    moment = visit.received_at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")
    return {"status": recorded.status, "visit": visit.pk, "received_at": moment}
