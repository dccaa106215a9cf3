"""Disputes among residents and their parties."""

import uuid

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.codes import Severity
from casework.models import Case
from common.sealed import BlindIndexField, SealedField
from grids import access


class Dispute(models.Model):
    """A dispute (矛盾纠纷). What counts stands on its case; this row holds what it is about."""

    class Source(models.TextChoices):
        DAILY_REPORT = "daily_report", _("daily report")
        APPLICATION = "application", _("application of a party")
        OWN_MOTION = "own_motion", _("own motion")
        POLICE = "police_referral", _("referred by the police")
        HOTLINE = "hotline", _("hotline")
        VISIT = "visit", _("visit at home or open reception")

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices)
    line = models.CharField(_("in one line"), max_length=200)
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices, default=Severity.ORDINARY)
    people_involved = models.PositiveIntegerField(_("people involved"), default=2)
    sensitive = models.BooleanField(_("sensitive"), default=False)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")

    objects = access.AreaScopedQuerySet.scoped_by("case__area_path")

    def __str__(self):
        return str(self.case)

    @staticmethod
    def assigned_to(user) -> models.Q:
        """The disputes one of the person's posts is responsible for."""
        return models.Q(case__in=Case.objects.filter(Case.assigned_to(user)))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Party(models.Model):
    """A person or unit on one side of a dispute."""

    sealing_id = models.UUIDField(default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="parties")
    name = models.CharField(_("name"), max_length=60)
    phone = SealedField(_("phone"), purpose="phone")
    phone_index = BlindIndexField()
    phone_tail = BlindIndexField()

    def __str__(self):
        return self.name
