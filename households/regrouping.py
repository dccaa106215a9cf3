"""People and households regrouped: to another micro-grid, to another household, one household split, two become one."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from grids.changes import Upheaval
from grids.models import Area
from households import leaving, moving, standing
from households.enrolling import open_household
from households.models import Household, Resident
from households.relations import Relation, seen_from

OF_THE_STAY = {"id", "household_id", "area_path", "relation", "from_day", "until_day", "came_as", "left_as"}


@transaction.atomic
def move(*, household: Household, area: Area, on: dt.date, by, reason="") -> Household:
    """A household lives in another place of the town from a day on and counts there; before, it counts where it was.
    Whoever looks after it does so on, but not over the border of the village. ValidationError by field."""
    row = standing.locked(household, by)
    standing.require(by, "household.change", area)
    standing.check_day(on, row.counts_here_from, later=False)
    standing.check_place(area, on)
    if area.pk == row.area_id:
        raise ValidationError({"area": _("The household lies there already.")})
    if area.town_id != row.town_id:
        raise ValidationError({"area": _("To another town a household moves away, and is entered there.")})
    if area.village_id != row.village_id:
        standing.end_link(row, on, str(_("moved to another village")))
    standing.touch(row, on)
    moving.carry(Upheaval(on=on, homes={row.pk: area}))
    row = Household.objects.select_related("area", "village").get(pk=row.pk)
    row.longitude = row.latitude = None  # it stood elsewhere
    row.save(update_fields=["longitude", "latitude"])
    standing.touch(row, on)
    standing.record(by, "household_move", row, row, reason)
    return row


@transaction.atomic
def join(*, resident: Resident, household: Household, relation, on: dt.date, by, new_head=None) -> Resident:
    """Somebody goes over to another household of the town, as `relation` to its head. Returns the row there."""
    old, into = _both(resident.household, household, by)
    if relation == Relation.HEAD and standing.current(into):
        raise ValidationError(
            {"relation": _("The household has a head. Enter the person first, then change the head.")}
        )
    person = leaving.locked_person(resident, old)
    others = [one for one in standing.current(old) if one.pk != person.pk]
    made = _go_over(person, into, relation, on)
    if others:
        leaving.succeed(old, person, new_head)
    else:
        leaving.end_with_last(old, on, Household.Ended.MERGED)
    standing.settle(into)
    standing.record(by, "resident_join", made, into)
    return made


@transaction.atomic
def split(*, household: Household, people, head: Resident, area: Area, on: dt.date, by, new_head=None, address=""):
    """Some people of a household are one of their own from a day on (分户), `head` its head. Returns it."""
    old = standing.locked(household, by)
    standing.require(by, "household.change", area)
    standing.check_day(on, old.from_day)
    standing.check_place(area, on)
    leaving_now = {person.pk for person in people} | {head.pk}
    rows = standing.current(old)
    going = [row for row in rows if row.pk in leaving_now]
    staying = [row for row in rows if row.pk not in leaving_now]
    if len(going) != len(leaving_now) or head.pk not in {row.pk for row in going}:
        raise ValidationError({"people": _("Choose people of this household.")})
    if not staying:
        raise ValidationError({"people": _("Somebody has to stay. If all go, the household moves.")})
    first = next(row for row in going if row.pk == head.pk)
    made = open_household(area, first.name, on, split_from=old, address=address)
    for row in going:
        seen = Relation.HEAD if row is first else seen_from(first.relation, row.relation, row.sex)
        _go_over(row, made, seen, on)
    leaving.succeed(old, next((row for row in going if row.is_head), first), new_head)
    standing.settle(made)
    standing.touch(made, on)
    standing.record(by, "household_split", made, old)
    return made


@transaction.atomic
def merge(*, household: Household, into: Household, relations: dict, on: dt.date, by) -> Household:
    """All people of a household go over to another one (并户), each as what `relations` (by primary key; "other
    relative" where left out) says; the household ends. Returns the one that stays."""
    old, into = _both(household, into, by)
    standing.check_day(on, old.counts_here_from)
    for person in standing.current(old):
        relation = relations.get(person.pk) or Relation.OTHER
        if relation == Relation.HEAD:
            raise ValidationError({"relation": _("The household has a head already.")})
        _go_over(person, into, relation, on)
    standing.end(old, on, Household.Ended.MERGED, into=into)
    standing.settle(into)
    standing.touch(old, on)
    standing.record(by, "household_merge", old, into)
    return into


def _both(household, into, by):
    """Two households of a town, locked in one order."""
    if household.pk == into.pk:
        raise ValidationError({"household": _("Choose another household.")})
    first, second = (standing.locked(row, by) for row in sorted((household, into), key=lambda row: row.pk))
    old, into = (first, second) if first.pk == household.pk else (second, first)
    if old.town_id != into.town_id:
        raise ValidationError({"household": _("Choose a household of the same town.")})
    return old, into


def _go_over(person, into, relation, on):
    """The person's row here ends and one there begins, on the same day. What is sealed goes along as it is: both rows
    are the same person."""
    standing.check_day(on, person.from_day)
    standing.check_day(on, into.from_day, later=False)
    leaving.close(person, on, Resident.Left.JOINED)
    same = {
        field.attname: getattr(person, field.attname) for field in Resident._meta.concrete_fields
        if field.attname not in OF_THE_STAY
    }  # fmt: skip
    return Resident.objects.create(
        **same, household=into, area_path=into.area_path, relation=relation, from_day=on, came_as=Resident.Came.JOINED
    )
