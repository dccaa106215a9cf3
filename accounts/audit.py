"""Writing the record of sensitive acts, and opening a sealed field, which is always recorded."""

from accounts.models import AuditEntry
from common import sealed


def record(user, act, *, row=None, area_code="", reason=""):
    """Adds one entry; `row` is the model instance it was about."""
    return AuditEntry.objects.create(
        user=user,
        act=act,
        table=row._meta.label if row is not None else "",
        row=str(row.pk) if row is not None else "",
        area_code=area_code,
        reason=reason,
    )


def record_each(user, act, rows):
    """One entry for each row, written at once."""
    AuditEntry.objects.bulk_create(
        AuditEntry(user=user, act=act, table=row._meta.label, row=str(row.pk)) for row in rows
    )


def reveal(user, row, field, *, area_code="", reason=""):
    """The clear value of a sealed field, after recording who asked and why. The caller has checked the right."""
    record(user, f"reveal_{field}", row=row, area_code=area_code, reason=reason)
    return sealed.opened(row, field)
