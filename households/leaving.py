"""Leaving a household: somebody moves away or dies, or the whole household goes."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from households import standing
from households.models import Household, Resident

ENDS = {
    Resident.Left.MOVED: Household.Ended.MOVED, Resident.Left.DIED: Household.Ended.DIED,
    Resident.Left.MISTAKE: Household.Ended.MISTAKE,
}  # fmt: skip


@transaction.atomic
def leave(*, resident: Resident, on: dt.date, left_as, by, new_head: Resident | None = None) -> Household:
    """Somebody moved away, died, or was entered by mistake; `on` is the first day without the person. A head who
    leaves others behind is followed by `new_head`; with the last one the household ends. Returns the household."""
    if left_as not in ENDS:
        raise ValidationError({"left_as": _("Choose one of the reasons.")})
    household = standing.locked(resident.household, by)
    person = locked_person(resident, household)
    if left_as == Resident.Left.MISTAKE:
        on = max(on, person.from_day + dt.timedelta(days=1))  # the row itself stays, for a day
    else:
        standing.check_day(on, person.from_day)
    others = [one for one in standing.current(household) if one.pk != person.pk]
    close(person, on, left_as)
    if others:
        succeed(household, person, new_head)
    else:
        end_with_last(household, on, ENDS[left_as])
    standing.record(by, f"resident_{left_as}", person, household)
    return household


@transaction.atomic
def move_away(*, household: Household, on: dt.date, by, reason="") -> Household:
    """The whole household left; `on` is the first day without it."""
    row = standing.locked(household, by)
    standing.check_day(on, row.counts_here_from)
    for person in standing.current(row):
        standing.check_day(on, person.from_day)
        close(person, on, Resident.Left.MOVED)
    standing.end(row, on, Household.Ended.MOVED)
    standing.touch(row, on)
    standing.record(by, "household_moved_away", row, row, reason)
    return row


def locked_person(resident: Resident, household: Household) -> Resident:
    """The person's row, locked. ValidationError when the person has left or belongs to another household."""
    person = Resident.objects.select_for_update().get(pk=resident.pk)
    if person.until_day is not None or person.household_id != household.pk:
        raise ValidationError(_("This person does not belong to the household any more."), "left")
    return person


def close(person: Resident, on: dt.date, left_as) -> None:
    """The person's row ends; what the family asked for him is asked for no more."""
    standing.end_needs(person, on)
    person.until_day, person.left_as = on, left_as
    person.save(update_fields=["until_day", "left_as"])


def succeed(household: Household, gone: Resident, new_head: Resident | None) -> None:
    """Somebody has gone; where it was the head, the others' relations are seen from the new one."""
    if gone.is_head:
        if new_head is None or new_head.pk == gone.pk:
            raise ValidationError({"new_head": _("Say who is the head of the household from now on.")})
        standing.make_head(household, new_head)
    standing.settle(household)


def end_with_last(household: Household, on: dt.date, how) -> None:
    """Nobody is left: the household ends, on the day it began to count here at the earliest."""
    day = max(on, household.counts_here_from + dt.timedelta(days=1))
    standing.end(household, day, how)
    standing.touch(household, min(on, day))
