"""Entering households and residents and correcting what is stored of them: also who was born or came from elsewhere."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import clock, sealed
from grids.models import Area
from households import identity, standing
from households.models import Household, Resident
from households.relations import Relation

PERSON = ("name", "relation", "sex", "birth_year", "lives_here", "away_to", "away_since")  # as typed
HOME = ("kind", "kind_since", "kind_source", "address")
A_PHONE = re.compile(r"\+?[0-9]{5,19}")


@transaction.atomic
def enter_household(*, area: Area, head: dict, on: dt.date, by, **said) -> Household:
    """A new household at a lowest place with its head (`head`: columns of the person, see PERSON, and phone,
    id_number); further `said`: columns of HOME. ValidationError by field."""
    standing.require(by, "household.change", area)
    standing.check_day(on, area.opened_on, later=False)
    standing.check_place(area, on)
    household = open_household(area, head["name"], on, **{name: said[name] for name in HOME if name in said})
    write_resident(household, head | {"relation": Relation.HEAD}, on, Resident.Came.LISTED, by)
    standing.settle(household)
    standing.touch(household, on)
    standing.record(by, "household_enter", household, household)
    return household


def open_household(area: Area, name: str, on: dt.date, **columns) -> Household:
    """The row of a new household, inside another act's transaction."""
    household = Household(
        code=next_code(area.village), name=name.strip(), area=area, area_path=area.path, town_id=area.town_id,
        village=area.village, grid_id=area.grid_id or area.pk, from_day=on, **columns,
    )  # fmt: skip
    check_kind(household)
    household.save()
    return household


def next_code(village: Area) -> str:
    """The village's code, H, and the next number; taken under the lock of the village, so that none is given twice."""
    Area.objects.select_for_update(no_key=True, of=["self"]).get(pk=village.pk)
    codes = Household.objects.filter(code__regex=rf"^{re.escape(village.code)}H[0-9]+$").values_list("code", flat=True)
    last = max((int(code[len(village.code) + 1 :]) for code in codes), default=0)
    return f"{village.code}H{last + 1:04d}"


@transaction.atomic
def correct_household(*, household: Household, by, contact: Resident | None = None, lives_here=None, **said):
    """Corrects kind, address and contact person; whether somebody lives there only while no resident is entered."""
    row = standing.locked(household, by)
    for name in HOME:
        if name in said:
            setattr(row, name, said[name])
    check_kind(row)
    if contact is not None and (contact.household_id != row.pk or contact.until_day is not None):
        raise ValidationError({"contact": _("Choose somebody of this household.")})
    row.contact = contact
    if lives_here is not None and not standing.current(row):
        row.lives_here = lives_here
    row.save()
    standing.record(by, "household_correct", row, row)
    return row


def check_kind(household: Household) -> None:
    """Who is lifted out of poverty or monitored is so by somebody's list (脱贫户, 监测户): since when, and whose."""
    if household.kind == Household.Kind.ORDINARY:
        household.kind_since, household.kind_source = None, ""
        return
    missing = {}
    if not household.kind_since or household.kind_since > clock.today():
        missing["kind_since"] = _("Say since when; a day that has come.")
    if not household.kind_source:
        missing["kind_source"] = _("Say by whose list: the platform decides this of nobody.")
    if missing:
        raise ValidationError(missing)


@transaction.atomic
def enter_resident(*, household: Household, on: dt.date, came_as, by, **said) -> Resident:
    """Somebody belongs to the household from a day on: was listed, born, or came from elsewhere."""
    row = standing.locked(household, by)
    standing.check_day(on, row.from_day, later=False)
    if said.get("relation") == Relation.HEAD and standing.current(row):
        raise ValidationError(
            {"relation": _("The household has a head. Enter the person first, then change the head.")}
        )
    person = write_resident(row, said, on, came_as, by)
    standing.settle(row)
    standing.record(by, f"resident_{came_as}", person, row)
    return person


def write_resident(household, said, on, came_as, by) -> Resident:
    """The row of a new resident, inside another act's transaction."""
    person = Resident(household=household, area_path=household.area_path, from_day=on, came_as=came_as)
    _fill(person, said, household, by)
    person.save()
    return person


@transaction.atomic
def correct_resident(*, resident: Resident, by, forget=(), **said) -> Resident:
    """Corrects what is stored of a person. An empty phone or ID number stays as it is; `forget` names those to be
    emptied. The head stays head: see change_head."""
    row = standing.locked(resident.household, by)
    person = Resident.objects.select_for_update().get(pk=resident.pk)
    if person.until_day is not None:
        raise ValidationError(_("This person has left the household; what was is kept as it was."), "left")
    if (said.get("relation", person.relation) == Relation.HEAD) != person.is_head:
        raise ValidationError({"relation": _("Use “Change the head” for this.")})
    _fill(person, said, row, by)
    for name in forget:
        if name in ("phone", "id_number"):
            setattr(person, name, "")
    person.save()
    standing.settle(row)
    standing.record(by, "resident_correct", person, row)
    return person


@transaction.atomic
def change_head(*, household: Household, resident: Resident, by) -> Household:
    """Somebody else of the household is its head from now on."""
    row = standing.locked(household, by)
    standing.make_head(row, resident)
    standing.settle(row)
    standing.record(by, "household_head", resident, row)
    return row


def _fill(person, said, household, by):
    """What was typed, into the row; what only people away have is empty for the others."""
    for name in PERSON:
        if name in said:
            setattr(person, name, said[name])
    person.name = person.name.strip()
    if person.lives_here:
        person.away_to, person.away_since = "", None
    elif person.away_since:
        person.away_since = person.away_since.replace(day=1)
    check_year(person)
    if said.get("phone"):
        person.phone = checked_phone(said["phone"])
    if said.get("id_number"):
        standing.require(by, "household.id_number", household)
        identity.take(person, said["id_number"], household.town_id)
        _only_here(person, said["id_number"], household, by)


def check_year(person) -> None:
    """Nobody is born after the year in which he came, nor before people now alive."""
    latest = min(person.from_day.year, clock.today().year)
    if person.birth_year and not 1900 <= person.birth_year <= latest:
        raise ValidationError({"birth_year": _("Write a year between 1900 and %(year)d.") % {"year": latest}})


def checked_phone(number: str) -> str:
    plain = re.sub(r"[\s-]", "", number)
    if not A_PHONE.fullmatch(plain):
        raise ValidationError({"phone": _("A phone number has digits only, five at the least.")})
    return plain


def _only_here(person, number, household, by):
    """The same number twice in what the acting person may see of the town. Elsewhere it is not said: who is entered in
    another village is none of his business; `check_areas` tells the town."""
    rows = Resident.objects.current().filter(household__town=household.town_id)
    rows = rows.filter(id_number_index=sealed.blind(number, purpose="id_number")).exclude(sealing_id=person.sealing_id)
    if by is not None:
        rows = rows.visible_to(by, "household.view")
    if there := rows.select_related("household").first():
        words = {"code": there.household.code}
        raise ValidationError({"id_number": _("Household %(code)s has somebody with this number.") % words})
