"""Party organisations and members, and which member looks after which household."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import AreaPathField, no_overlap, span_in_order
from grids import access
from grids.models import Area
from households.models.homes import Household


class PartyOrg(models.Model):
    """A party organisation; its tree is apart from the tree of places."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=20)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")

    def __str__(self):
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PartyMember(models.Model):
    """A party member who holds or could hold household links; kept on the staff side, never on a resident."""

    class Exempt(models.TextChoices):
        NO = "", _("not exempt")
        ELDERLY = "elderly", _("elderly")
        SICK = "sick", _("sick")
        DISABLED = "disabled", _("disabled")
        AWAY = "away", _("away for long")

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="membership")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="members")
    area_path = AreaPathField()
    exempt = models.CharField(max_length=10, choices=Exempt.choices, blank=True, default=Exempt.NO)

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area_path"], name="member_in_area")]

    def __str__(self):
        return str(self.user)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class HouseholdLink(models.Model):
    """A party member looks after a household for a span of days (党员联户). One active link per household."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="links")
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="links")
    area_path = AreaPathField()
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+")
    grid = models.ForeignKey(Area, models.PROTECT, related_name="+")
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True, default="")

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            no_overlap("household_id", name="one_link_per_household"),
            span_in_order("link_days_in_order"),
        ]
        indexes = [
            models.Index(fields=["area_path"], name="link_in_area"),
            models.Index(fields=["until_day"], name="link_ended", condition=Q(until_day__isnull=False)),
        ]

    def __str__(self):
        return f"{self.member_id} - {self.household_id}"
