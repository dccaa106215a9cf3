"""Residents' service orders."""

import uuid

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models import Case
from common.sealed import BlindIndexField, SealedField
from grids import access


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Order(models.Model):
    """A resident's request (群众点单). What counts stands on its case; this row holds what is asked."""

    sealing_id = models.UUIDField(default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    line = models.CharField(_("in one line"), max_length=200)
    requester = models.CharField(_("who asks"), max_length=60, blank=True, default="")
    phone = SealedField(_("phone"), purpose="phone")
    phone_index = BlindIndexField()
    phone_tail = BlindIndexField()

    objects = access.AreaScopedQuerySet.scoped_by("case__area_path")

    def __str__(self):
        return str(self.case)
