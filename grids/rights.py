"""What a role may do, and how far: one small table for each kind of business, 30 rows at the most."""

from django.utils.translation import gettext_lazy as _

from grids.roles import ADMINISTRATORS, HELPERS, REPORTERS
from grids.roles import Role as R

AREA = "area"  # everything in the post's subtree
ASSIGNED = "assigned"  # rows given to this person; the model names its `assigned_to(user)` clause
FIGURES = "figures"  # lists of number, place, category, state and dates; opening is refused


def area(*roles):
    return dict.fromkeys(roles, AREA)


REPORTING = area(*REPORTERS)
WORKERS = REPORTING | area(R.GRID_LEADER)
VILLAGE_HEADS = area(R.VILLAGE_DIRECTOR, R.VILLAGE_SECRETARY)
VILLAGE = area(R.VILLAGE_DESK) | VILLAGE_HEADS
TOWN = area(R.TOWN_DESK, R.TOWN_LEADER)
ABOVE = dict.fromkeys([R.PARTY_COMMITTEE, R.COUNTY_DESK], FIGURES)
INVITED = dict.fromkeys(HELPERS, ASSIGNED)
WITHOUT_FIGURES = ADMINISTRATORS | HELPERS | {R.LINKED_MEMBER, R.MICRO_GRID_LEADER, R.VOLUNTEER}

PLACES = {
    "area.view": area(*R),
    "area.change": area(R.SYSTEM_ADMIN, R.TOWN_DESK),
    "figures.view": area(*(role for role in R if role not in WITHOUT_FIGURES)),
}
REPORTS = {
    "report.file": REPORTING,
    "report.file_for": area(R.VILLAGE_DESK),
    "report.view": WORKERS | VILLAGE | TOWN | ABOVE | area(R.AREA_CADRE, R.DISPATCHER),
    "report.void": area(R.VILLAGE_DESK, R.TOWN_DESK),
}
DISPUTES = {
    "dispute.register": REPORTING
    | area(R.VILLAGE_DESK, R.MEDIATOR, R.TOWN_DESK, R.DISPATCHER, R.AREA_CADRE, R.JUSTICE_OFFICE),
    "dispute.view": WORKERS | VILLAGE | TOWN | ABOVE | INVITED | {R.DISCIPLINE_LIAISON: FIGURES}
    | area(R.MEDIATOR, R.AREA_CADRE, R.DISPATCHER, R.JUSTICE_OFFICE),
    "dispute.handle": area(R.MEDIATOR, R.VILLAGE_DESK, R.TOWN_DESK, R.JUSTICE_OFFICE),
    "dispute.reopen": VILLAGE_HEADS | area(R.TOWN_DESK),
}  # fmt: skip
ORDERS = {
    "order.place": REPORTING | area(R.VILLAGE_DESK, R.TOWN_DESK, R.DISPATCHER, R.AREA_CADRE),
    "order.view": WORKERS | VILLAGE | TOWN | ABOVE | area(R.DISCIPLINE_LIAISON, R.DISPATCHER, R.AREA_CADRE),
    "order.handle": area(R.VILLAGE_DESK, R.TOWN_DESK, R.DISPATCHER),
}
HOUSEHOLDS = {
    "household.view": WORKERS
    | VILLAGE
    | ABOVE
    | area(R.TOWN_DESK)
    | {R.LINKED_MEMBER: ASSIGNED, R.AREA_CADRE: FIGURES},
    "household.change": WORKERS | VILLAGE | area(R.TOWN_DESK),
    "household.import": area(R.VILLAGE_DESK, R.TOWN_DESK),
    "household.reveal": WORKERS | VILLAGE | area(R.TOWN_DESK) | {R.LINKED_MEMBER: ASSIGNED},
    "household.id_number": area(R.VILLAGE_DESK, R.TOWN_DESK),
    "link.change": VILLAGE | area(R.TOWN_DESK),
    "roster.set": area(R.TOWN_DESK),  # whether ID numbers are kept, which needs can be stated
    "roster.answer": area(R.TOWN_DESK),  # to somebody who asks for his own data, or to have it erased
    # members of the party as those who do a duty; never what a resident is
    "party.view": VILLAGE | TOWN | area(R.PARTY_COMMITTEE),
    "party.change": area(R.VILLAGE_SECRETARY, R.TOWN_DESK),
}
CADRES = area(R.AREA_CADRE, R.TOWN_LEADER, R.TOWN_DESK)
VISITS = {
    "visit.record": WORKERS | VILLAGE | CADRES | {R.LINKED_MEMBER: ASSIGNED},
    "visit.view": WORKERS | VILLAGE | CADRES | ABOVE | {R.LINKED_MEMBER: ASSIGNED},
    "visit.withdraw": area(R.VILLAGE_DESK, R.TOWN_DESK),
    "visit.plan": area(R.TOWN_DESK),
    "reception.record": VILLAGE | CADRES,
}
LEDGERS = {
    # ledgers hold numbers, kinds and dates only, so the committee reads them whole
    "ledger.view": VILLAGE | TOWN | area(R.PARTY_COMMITTEE, R.AREA_CADRE),
    "ledger.comment": area(R.VILLAGE_DESK),
    "ledger.sign": VILLAGE_HEADS,
    "ledger.review": area(R.TOWN_DESK),
    "table.view": TOWN | area(R.PARTY_COMMITTEE, R.JUSTICE_OFFICE),
}
POSTS = {
    "post.view": VILLAGE
    | TOWN
    | area(R.GRID_LEADER, R.DISPATCHER, R.AREA_CADRE, R.JUSTICE_OFFICE, R.PARTY_COMMITTEE, R.COUNTY_DESK)
    | area(R.SECURITY_ADMIN, R.AUDIT_ADMIN),
    "post.change": area(R.SECURITY_ADMIN, R.TOWN_DESK),
    "post.change_administrator": area(R.SECURITY_ADMIN),
    # whoever works with people in post calls them: in part in pages, in full with a reason on record
    "post.phone": VILLAGE | TOWN | area(R.DISPATCHER, R.AREA_CADRE, R.JUSTICE_OFFICE),
    "leave.grant": VILLAGE | area(R.TOWN_DESK),
    "team.view": VILLAGE | TOWN | area(R.JUSTICE_OFFICE, R.AREA_CADRE, R.PARTY_COMMITTEE),
    "team.change": VILLAGE | area(R.TOWN_DESK, R.JUSTICE_OFFICE),
    "rights.ask": area(R.TOWN_DESK, R.SECURITY_ADMIN, R.AUDIT_ADMIN),
}
RUNNING = {
    "system.view": area(R.SYSTEM_ADMIN, R.TOWN_DESK),
    # accounts: who exists (system), who may sign in again (security); the town enters its own people
    "person.view": area(R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN, R.TOWN_DESK),
    "person.change": area(R.SYSTEM_ADMIN, R.TOWN_DESK),
    "person.change_administrator": area(R.SYSTEM_ADMIN),
    "person.unlock": area(R.SECURITY_ADMIN),
    "person.export": area(R.TOWN_DESK, R.SYSTEM_ADMIN),  # with telephone numbers: asked for by one,
    "person.release": area(R.TOWN_LEADER, R.SECURITY_ADMIN),  # released by another
    "audit.view": area(R.AUDIT_ADMIN),
}
TABLES = [
    (_("places and figures"), PLACES),
    (_("daily reports"), REPORTS),
    (_("disputes"), DISPUTES),
    (_("service orders"), ORDERS),
    (_("households and links"), HOUSEHOLDS),
    (_("visits and receptions"), VISITS),
    (_("ledgers"), LEDGERS),
    (_("posts, leave and teams"), POSTS),
    (_("people, accounts and running"), RUNNING),
]
MAY = {action: cells for _name, table in TABLES for action, cells in table.items()}
