"""Households, residents, party organisations and members, household links and their proposals."""

from households.models.homes import FormerPlace, Household
from households.models.party import Exemption, HouseholdLink, LinkRule, PartyMember, PartyOrg
from households.models.people import IdNumberUse, Need, NeedKind, Resident
from households.models.proposed import LinkProposal, ProposedLink
from households.models.rosters import RosterColumns, RosterImport

__all__ = [
    "Exemption",
    "FormerPlace",
    "Household",
    "HouseholdLink",
    "IdNumberUse",
    "LinkProposal",
    "LinkRule",
    "Need",
    "NeedKind",
    "PartyMember",
    "PartyOrg",
    "ProposedLink",
    "Resident",
    "RosterColumns",
    "RosterImport",
]
