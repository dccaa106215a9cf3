"""A proposal who should look after which households: computed, looked at, edited, applied or discarded as a whole."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from grids import access
from grids.models import Area
from households.models.homes import Household
from households.models.party import PartyMember


class LinkProposal(models.Model):
    """One proposal for a village, or for all villages of a town, one by one. `seen` is a digest of what it was computed
    from: when that has changed since, it can no longer be applied."""

    class Way(models.TextChoices):
        FILL = "fill", _("only fill the gaps: every link that may stay stays")
        EVEN = "even", _("even out the loads: as few households as possible change hands")
        ANEW = "anew", _("share out anew by distance")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being computed")
        READY = "ready", _("ready to look at")
        FAILED = "failed", _("could not be computed")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    way = models.CharField(_("how"), max_length=4, choices=Way.choices, default=Way.FILL)
    on = models.DateField(_("in force from"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)  # villages
    villages = models.PositiveSmallIntegerField(default=0)
    found = models.JSONField(default=list)  # per village: what households/planning.py says of it
    seen = models.CharField(max_length=64, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True)

    objects = access.AreaScopedQuerySet.scoped_by("area__path")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="proposal_to_compute", condition=Q(state__in=["waiting", "running"]))
        ]

    def __str__(self):
        return f"{self.area} {self.on}"

    @property
    def area_path(self):
        return self.area.path

    @property
    def is_open(self):
        return self.state in (self.State.WAITING, self.State.RUNNING)


class ProposedLink(models.Model):
    """One household of a proposal: who has it now, who is to have it, and how far both live away."""

    proposal = models.ForeignKey(LinkProposal, models.CASCADE, related_name="lines")
    household = models.ForeignKey(Household, models.CASCADE, related_name="+")
    village = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    before = models.ForeignKey(PartyMember, models.CASCADE, null=True, related_name="+", db_index=False)
    member = models.ForeignKey(PartyMember, models.CASCADE, null=True, related_name="+", db_index=False)
    metres_before = models.PositiveIntegerField(null=True)
    metres = models.PositiveIntegerField(null=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "household"], name="household_proposed_once")]
        indexes = [models.Index(fields=["proposal", "village"], name="proposed_in_village")]

    def __str__(self):
        return f"{self.household_id} - {self.member_id}"

    @property
    def changes(self):
        return self.before_id != self.member_id
