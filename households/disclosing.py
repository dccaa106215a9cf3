"""Somebody of a household as a page shows him: masked for whoever may open it, in clear for a reason, on record."""

from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from common import masking, sealed
from grids import access
from households import identity
from households.models import Household, Resident


@dataclass(frozen=True)
class Shown:
    """What stands on the page; "" where nothing is stored."""

    name: str
    phone: str
    id_number: str


def masked(person: Resident) -> Shown:
    """张**, 138****5678, 1****************8: never the last four of an ID number, beside a year they give him away."""
    number = sealed.opened(person, "id_number") if person.id_number else ""
    phone = sealed.opened(person, "phone") if person.phone else ""
    return Shown(masking.name(person.name), masking.phone(phone) if phone else "", masking.id_number(number))


def may(user, home: Household) -> bool:
    return access.may(user, "household.reveal", home.area_path) or access.assigned(user, "household.reveal", home)


@transaction.atomic
def reveal(*, resident: Resident, by, reason: str) -> Shown:
    """In clear; PermissionDenied for others. The ID number stays masked for whoever may not enter one, and where the
    town keeps none any more."""
    home = resident.household
    access.require(by, "household.reveal", home)
    place = home.village.code
    audit.record(by, "reveal_resident", row=resident, area_code=place, reason=reason)
    phone = audit.reveal(by, resident, "phone", area_code=place, reason=reason) if resident.phone else ""
    number = masked(resident).id_number
    if number and access.may(by, "household.id_number", home.area_path) and identity.use_of(home.town_id):
        number = audit.reveal(by, resident, "id_number", area_code=place, reason=reason)
    return Shown(resident.name, phone, number)


def stays(user, person: Resident):
    """In which households the person was and is, as far as the reader may see them."""
    homes = Household.objects.visible_to(user, "household.view").values("pk")
    rows = Resident.objects.filter(sealing_id=person.sealing_id, household__in=homes)
    return rows.select_related("household").order_by("from_day")
