"""What the worker does of an import: checking, taking over; each claimed first, and tried again where it was cut."""

import datetime as dt
import json
import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from accounts import audit, held
from common import clock
from grids import access
from households.models import RosterImport
from households.rosters import comparing, importing, opening, storing, telling
from households.rosters.checking import Checked

log = logging.getLogger(__name__)
State = RosterImport.State
ATTEMPTS = 5
CLAIMED = dt.timedelta(seconds=150)  # longer than any task may run


def work() -> RosterImport | None:
    """Carries the import that waits longest one step on; None where none waits."""
    row = _claimed()
    if row is None:
        return None
    try:
        check(row) if row.state == State.CHECKING else take_over(row)
    except ValidationError as refused:  # the file is gone, or no table after all
        _broken_off(row, refused.code)
    except Exception as failure:  # its text may hold what stands in the file: the kind alone is told
        log.error("roster import %s: %s", row.pk, type(failure).__name__)  # noqa: TRY400
        if row.attempts >= ATTEMPTS:
            _broken_off(row, type(failure).__name__)
        else:
            RosterImport.objects.filter(pk=row.pk).update(claimed_at=None)
    return row


def _claimed():
    now = clock.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIMED)
    waiting = RosterImport.objects.filter(free, state__in=[State.CHECKING, State.WRITING]).order_by("at")
    with transaction.atomic():
        row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None:
            RosterImport.objects.filter(pk=row.pk).update(claimed_at=now, attempts=F("attempts") + 1)
    return row and RosterImport.objects.select_related("area", "by", "file", "preview").get(pk=row.pk)


def _broken_off(row, why):
    importing.forget_files(row)
    row.state, row.ended_at, row.claimed_at, row.counts = State.FAILED, clock.now(), None, {"why": str(why)}
    row.save()


def _says(row, share):
    RosterImport.objects.filter(pk=row.pk).update(progress=share)


def _planned(row):
    """(heads that are never taken over, the table with its problems, the plan)"""
    found = importing.opened(row)
    _says(row, 25)
    table = opening.table(found, importing.usable(row, importing.mapping_of(row)))
    checked = Checked(table, row.area)
    dropped = found.dropped
    del found  # a whole town's cells are let go
    _says(row, 50)
    plan = comparing.compare(checked, row.area.town_id or row.area.pk)
    _says(row, 70)
    return dropped, table, plan


def check(row: RosterImport) -> None:
    """Reads, checks and compares the file; keeps the preview sealed beside it."""
    dropped, table, plan = _planned(row)
    told = {
        "problems": [[one.row, one.column, str(one.what)] for one in table.in_order],
        "entries": telling.entries(plan) if not table.problems else [],
        "unused": [head for head in table.unused if head not in dropped],
        "no_numbers": "id_number" in row.columns.values() and not importing.keeps_numbers(row.area),
        "dropped": dropped,
        "rows": len(table.lines),
    }
    _says(row, 90)
    content = json.dumps(told, ensure_ascii=False).encode()
    with transaction.atomic():
        if row.preview is not None:
            row.preview.delete()
        row.preview = held.keep(
            owner=row.by, purpose=importing.PREVIEW, name="", content=content, lasts=importing.LASTS
        )
        row.state = State.WRONG if table.problems else State.READY
        row.counts = plan.counts | {"problems": len(table.problems), "rows": len(table.lines)}
        row.mark, row.progress, row.claimed_at = plan.mark, 100, None
        row.save()


def take_over(row: RosterImport) -> None:
    """Writes the confirmed plan in one transaction; where the roster changed since the preview, makes that anew."""
    access.require(row.by, "household.import", row.area)  # the post may have ended since
    _dropped, table, plan = _planned(row)
    same = {key: row.counts[key] for key in plan.counts} == plan.counts
    if table.problems or plan.mark != row.mark or not same:
        return _once_more(row)
    made = storing.ready(plan, lambda done, total: _says(row, 70 + 20 * done // total))
    try:
        with transaction.atomic():
            row.written = storing.write(made)
            row.written["villages"] = plan.villages
            importing.forget_files(row)
            row.state, row.ended_at, row.progress, row.claimed_at = State.DONE, clock.now(), 100, None
            row.save()
            audit.record(row.by, "roster_import", row=row, area_code=row.area.code, reason=_told(row.counts))
    except storing.Stale:
        row = RosterImport.objects.select_related("area", "by", "file", "preview").get(pk=row.pk)
        _once_more(row)


def _once_more(row):
    row.state, row.changed_meanwhile, row.claimed_at, row.progress = State.CHECKING, True, None, 0
    row.save()


def _told(counts):
    return " ".join(f"{key}={counts[key]}" for key in ("new_homes", "new", "changed_homes", "changed"))


def preview_of(row: RosterImport) -> dict:
    """What check kept: problems, entries, the columns that are not taken over."""
    if row.preview is None or row.preview.until <= clock.now():
        return {"problems": [], "entries": [], "unused": [], "dropped": [], "rows": 0}
    return json.loads(held.opened(row.preview))
