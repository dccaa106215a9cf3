"""The roles a post can have. Numbers, because the rule against overlapping posts is an index over ranges."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.IntegerChoices):
    GRID_WORKER = 10, _("grid worker")
    GRID_LEADER = 11, _("grid leader")
    MICRO_GRID_LEADER = 12, _("micro-grid leader")
    LINKED_MEMBER = 13, _("linked party member")
    GRID_ASSISTANT = 14, _("grid assistant")
    VOLUNTEER = 15, _("volunteer")
    ATTACHED_JUDGE = 16, _("attached judge")
    ATTACHED_PROSECUTOR = 17, _("attached prosecutor")
    ATTACHED_POLICE = 18, _("attached police officer")
    ATTACHED_LAWYER = 19, _("attached lawyer")
    VILLAGE_DESK = 20, _("village centre desk")
    VILLAGE_DIRECTOR = 21, _("village director")
    MEDIATOR = 22, _("people's mediator")
    DISCIPLINE_LIAISON = 23, _("discipline liaison")
    VILLAGE_SECRETARY = 24, _("village party secretary")
    LEGAL_ADVISER = 25, _("legal adviser")
    MASS_ORGANISATION = 26, _("mass organisation")
    TOWN_DESK = 30, _("town centre staff")
    TOWN_LEADER = 31, _("town leader")
    PARTY_COMMITTEE = 32, _("party committee")
    DISPATCHER = 33, _("dispatcher")
    AREA_CADRE = 34, _("area cadre")
    JUSTICE_OFFICE = 35, _("justice office")
    COUNTY_DESK = 40, _("county centre staff")
    SYSTEM_ADMIN = 50, _("system administrator")
    SECURITY_ADMIN = 51, _("security administrator")
    AUDIT_ADMIN = 52, _("audit administrator")


ADMINISTRATORS = frozenset([Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])  # kept apart: 三员分立
HELPERS = frozenset([  # join single cases they are asked to; the cases name them
    Role.LEGAL_ADVISER, Role.MASS_ORGANISATION, Role.ATTACHED_JUDGE, Role.ATTACHED_PROSECUTOR, Role.ATTACHED_POLICE,
    Role.ATTACHED_LAWYER,
])  # fmt: skip
REPORTERS = frozenset([Role.GRID_WORKER, Role.GRID_ASSISTANT])  # file the daily report of their grid

GRIDS = frozenset(["grid", "small_grid", "group", "dedicated"])
OF_VILLAGE = GRIDS | {"village", "micro_grid"}
PLACES = {  # kinds of area a role is held at; town heads of grids and village managers are grid leaders (泾明乡)
    Role.GRID_WORKER: GRIDS,
    Role.GRID_ASSISTANT: GRIDS,
    Role.GRID_LEADER: GRIDS | {"village", "town"},
    Role.MICRO_GRID_LEADER: frozenset(["micro_grid", "small_grid", "group"]),
    Role.LINKED_MEMBER: OF_VILLAGE,
    Role.VOLUNTEER: OF_VILLAGE | {"town"},
    **dict.fromkeys([Role.VILLAGE_DESK, Role.VILLAGE_DIRECTOR, Role.VILLAGE_SECRETARY], frozenset(["village"])),
    **dict.fromkeys([Role.MEDIATOR, Role.DISCIPLINE_LIAISON], OF_VILLAGE | {"town"}),
    **dict.fromkeys(HELPERS, OF_VILLAGE | {"town"}),
    Role.AREA_CADRE: GRIDS | {"village", "town"},  # 禹王镇 ties each to a grid
    **dict.fromkeys(
        [Role.TOWN_DESK, Role.TOWN_LEADER, Role.PARTY_COMMITTEE, Role.DISPATCHER, Role.JUSTICE_OFFICE],
        frozenset(["town"]),
    ),
    Role.COUNTY_DESK: frozenset(["county"]),
    **dict.fromkeys(ADMINISTRATORS, frozenset(["town", "county"])),
}


class Origin(models.TextChoices):
    """Where a worker of the grid comes from: what else he is (泾明乡, 下洼镇)."""

    VILLAGE_CADRE = "cadre", _("village cadre")
    POLICE = "police", _("auxiliary police officer")
    MEDIATOR = "mediator", _("people's mediator")
    ROAD_SAFETY = "road_safety", _("road-safety persuader")
    CLEANER = "cleaner", _("cleaner")
    FOREST_RANGER = "ranger", _("forest ranger")
    RETIRED_CADRE = "retired", _("retired cadre")
