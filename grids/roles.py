"""The roles a post can have. Numbers, because the rule against overlapping posts is an index over ranges."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.IntegerChoices):
    GRID_WORKER = 10, _("grid worker")
    GRID_LEADER = 11, _("grid leader")
    MICRO_GRID_LEADER = 12, _("micro-grid leader")
    LINKED_MEMBER = 13, _("linked party member")
    VILLAGE_DESK = 20, _("village centre desk")
    VILLAGE_DIRECTOR = 21, _("village director")
    MEDIATOR = 22, _("people's mediator")
    DISCIPLINE_LIAISON = 23, _("discipline liaison")
    TOWN_DESK = 30, _("town centre staff")
    TOWN_LEADER = 31, _("town leader")
    PARTY_COMMITTEE = 32, _("party committee")
    COUNTY_DESK = 40, _("county centre staff")
    SYSTEM_ADMIN = 50, _("system administrator")
