"""What every act on a household asks and leaves behind: who may, on which day, one head, the counted days touched."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from grids import access, past
from grids.changes import PLACE
from grids.models import Area
from households import linking
from households.models import Household, HouseholdLink, Need, Resident
from households.relations import Relation, seen_from


def locked(household: Household, by, action="household.change") -> Household:
    """The household as it stands, locked until the act ends. ValidationError when it has ended."""
    row = Household.objects.select_for_update(of=["self"]).select_related("area", "village").get(pk=household.pk)
    require(by, action, row)
    if row.until_day is not None:
        raise ValidationError(_("The household is not there any more."), "ended")
    return row


def require(by, action, row) -> None:
    """At the operator's console (by is None) everything is allowed; a person needs the right at the place."""
    if by is not None:
        access.require(by, action, row)


def check_day(on: dt.date, first: dt.date, *, later=True) -> None:
    """An act is entered on or after the day it took effect, and with `later` on a day after `first`."""
    if on > clock.today():
        raise ValidationError({"on": _("Choose a day that has come: acts are entered when they happened.")})
    if on < first or (later and on == first):
        raise ValidationError({"on": _("Choose a day after %(day)s.") % {"day": first.isoformat()}})


def check_place(area: Area, on: dt.date) -> None:
    """Households lie in the lowest open place. ValidationError for `area`."""
    if not (area.opened_on <= on and area.ended_on is None):
        raise ValidationError({"area": _("This place was not open on that day.")})
    if area.village_id is None or Area.objects.filter(parent=area, ended_on=None).exists():
        raise ValidationError({"area": _("Choose a micro-grid, or the lowest place there is.")})


def current(household: Household) -> list[Resident]:
    """Its people of today, the head first."""
    people = Resident.objects.current().filter(household=household).order_by("pk")
    return sorted(people, key=lambda person: not person.is_head)


def settle(household: Household) -> None:
    """After its people changed: named after its head, somebody lives there or not, contact person still of it.
    ValidationError where people are left and none of them is the head."""
    people = current(household)
    if people and not people[0].is_head:
        raise ValidationError({"new_head": _("Say who is the head of the household from now on.")})
    if people:
        household.name = people[0].name
        household.lives_here = any(person.lives_here for person in people)
    if household.contact_id not in {person.pk for person in people}:
        household.contact = None
    household.save(update_fields=["name", "pinyin", "initials", "lives_here", "contact"])


def make_head(household: Household, person: Resident) -> None:
    """Somebody of the household becomes its head; the others' relations are seen from there as far as certain."""
    was = person.relation
    if was == Relation.HEAD:
        return
    if person.household_id != household.pk or person.until_day is not None:
        raise ValidationError({"new_head": _("Choose somebody of this household.")})
    others = [one for one in current(household) if one.pk != person.pk]
    for one in others:
        one.relation = seen_from(was, one.relation, one.sex)
    person.relation = Relation.HEAD
    for one in [*others, person]:
        one.save(update_fields=["relation"])


def end(household: Household, on: dt.date, how, *, into: Household | None = None) -> None:
    """The household is there no more from a day on; nobody looks after it, nothing is asked for any more."""
    end_link(household, on, str(household.Ended(how).label))
    _end_needs(Need.objects.filter(household=household), on)
    household.until_day, household.ended_as, household.merged_into = on, how, into
    household.contact = None
    household.save(update_fields=["until_day", "ended_as", "merged_into", "contact"])


def end_link(household: Household, on: dt.date, reason: str) -> None:
    """Whoever looks after it does so until a day. ValidationError where that began on the day or later."""
    held = HouseholdLink.objects.standing(on).filter(household=household)
    for link in held.select_related("household__village"):
        if link.from_day > clock.today():
            linking.withdraw(link=link, by=None)
            continue
        if link.from_day >= on:
            raise ValidationError(
                {"on": _("Somebody looks after it since %(day)s. Choose a later day, or end the link first.")
                 % {"day": link.from_day.isoformat()}}
            )  # fmt: skip
        linking.end_link(link=link, on=on, by=None, reason=reason)


def end_needs(person: Resident, on: dt.date) -> None:
    """Nothing is asked for him any more."""
    _end_needs(Need.objects.filter(resident=person), on)


def _end_needs(needs, on):
    open_now = needs.filter(until_day=None)
    open_now.filter(from_day__lt=on).update(until_day=on)
    for need in open_now:  # stated on the day or after it: true for that one day
        need.until_day = need.from_day + dt.timedelta(days=1)
        need.save(update_fields=["until_day"])


def touch(household: Household, on: dt.date) -> None:
    """The figures of its village count anew from that day on."""
    past.touch_villages({(household.town_id, household.village_id)}, on, None, PLACE)


def record(by, act: str, row, household: Household, reason="") -> None:
    if by is not None:
        audit.record(by, act, row=row, area_code=household.village.code, reason=reason[:200])
