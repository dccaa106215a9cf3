"""Households, residents, party organisations and members, and who looks after whom."""

from households.models.homes import FormerPlace, Household
from households.models.party import HouseholdLink, PartyMember, PartyOrg
from households.models.people import IdNumberUse, Need, NeedKind, Resident

__all__ = [
    "FormerPlace",
    "Household",
    "HouseholdLink",
    "IdNumberUse",
    "Need",
    "NeedKind",
    "PartyMember",
    "PartyOrg",
    "Resident",
]
