"""A roster on its way: uploaded, its columns named, checked by the worker, confirmed or cancelled, taken back."""

import datetime as dt
import io

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, held
from common import clock
from grids import access
from grids.models import Area
from households import identity
from households.models import RosterColumns, RosterImport
from households.rosters import columns, opening
from households.rosters.opening import Opened

State = RosterImport.State
LASTS = dt.timedelta(days=1)
FILE, PREVIEW = "roster", "roster_preview"


@transaction.atomic
def upload(*, area: Area, name: str, content: bytes, by) -> RosterImport:
    """Keeps a file sealed for a day. Where its heads were named before, or all that is needed is known, nothing more
    is asked for the columns and it goes to be checked; else somebody names them. Unreadable for what is no table."""
    access.require(by, "household.import", area)
    found = opening.opened(content)
    row = RosterImport(area=area, area_path=area.path, by=by)
    row.file = held.keep(owner=by, purpose=FILE, name=name, content=content, lasts=LASTS)
    guess = columns.guess(found.heads)
    known = RosterColumns.objects.filter(area=area, heads=found.mark).first()
    if known and keeps_numbers(area) and "id_number" in {*guess.values()} - {*known.columns.values()}:
        known = None  # said while the town kept no ID numbers: asked once more
    row.columns = _asked_for(found, known.columns if known else guess)
    opening.refuse_merged(found, mapping_of(row))
    row.state = State.CHECKING if known else State.COLUMNS
    row.save()
    audit.record(by, "roster_upload", row=row, area_code=area.code)
    return row


def _asked_for(found, mapping):
    """Without columns that are never taken over, as JSON keeps it."""
    return {
        str(place): key for place, key in mapping.items()
        if int(place) < len(found.heads) and not columns.is_dropped(found.heads[int(place)])
    }  # fmt: skip


def mapping_of(row: RosterImport) -> dict[int, str]:
    return {int(place): key for place, key in row.columns.items()}


def opened(row: RosterImport) -> Opened:
    """The file of an import that is not over. ValidationError once its time is up."""
    if row.file is None or row.file.until <= clock.now():
        raise ValidationError(_("The file was kept for a day and is gone. Upload it again."), "gone")
    return opening.opened(io.BytesIO(held.opened(row.file)))


def keeps_numbers(area: Area) -> bool:
    return identity.use_of(area.town_id or area.pk) is not None


def usable(row: RosterImport, mapping: dict[int, str]) -> dict[int, str]:
    """Without ID numbers where the town keeps none."""
    return mapping if keeps_numbers(row.area) else {n: key for n, key in mapping.items() if key != "id_number"}


@transaction.atomic
def name_columns(*, row: RosterImport, mapping: dict[int, str], by) -> RosterImport:
    """Says what the columns mean, for this file and the next of the same heads, and has it checked. ValidationError
    where one meaning is given twice or one that is needed is missing."""
    row = _mine(row, by, State.COLUMNS, State.WRONG, State.READY)
    found = opened(row)
    kept = _asked_for(found, mapping)
    given = list(kept.values())
    if twice := next((key for key in given if given.count(key) > 1), None):
        text = _("Two columns are named “%(column)s”. Name only one so.")
        raise ValidationError(text, "twice", {"column": columns.BY_KEY[twice].label})
    if lacking := columns.missing(mapping):
        raise ValidationError(_("Name the column for: %(columns)s."), "missing", {"columns": "、".join(lacking)})
    opening.refuse_merged(found, mapping)
    RosterColumns.objects.update_or_create(area=row.area, heads=found.mark, defaults={"columns": kept})
    row.columns = kept
    return _send(row, State.CHECKING)


def _send(row, state, **changes):
    """Lays an import out for the worker."""
    row.state, row.progress, row.attempts, row.claimed_at = state, 0, 0, None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


@transaction.atomic
def confirm(*, row: RosterImport, by) -> RosterImport:
    """Has the worker take it over."""
    row = _mine(row, by, State.READY)
    opened(row)
    if not any(row.counts.get(key) for key in ("new_homes", "changed_homes", "new", "changed")):
        raise ValidationError(_("Everything in the file is on the roster already."), "same")
    audit.record(by, "roster_confirm", row=row, area_code=row.area.code)
    return _send(row, State.WRITING, changed_meanwhile=False)


@transaction.atomic
def cancel(*, row: RosterImport, by) -> RosterImport:
    """Forgets the file and what was read of it."""
    row = _mine(row, by, State.COLUMNS, State.CHECKING, State.WRONG, State.READY)
    forget_files(row)
    row.state, row.ended_at = State.CANCELLED, clock.now()
    row.save()
    audit.record(by, "roster_cancel", row=row, area_code=row.area.code)
    return row


def forget_files(row: RosterImport) -> None:
    """What was uploaded leaves the database; the row is not saved."""
    for file in (row.file, row.preview):
        if file is not None:
            file.delete()
    row.file = row.preview = None


def _mine(row, by, *states):
    """The row, locked; only who uploaded it goes on with it, and only where it has come to."""
    access.require(by, "household.import", row)
    row = RosterImport.objects.select_for_update(of=("self",)).select_related("area", "file", "preview").get(pk=row.pk)
    if row.by_id != by.pk:
        raise PermissionDenied("household.import")
    if row.state not in states:
        raise ValidationError(_("The import has gone on meanwhile. Look at it once more."), "state")
    return row
