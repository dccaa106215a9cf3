"""Residents: the people of a household."""

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import AreaPathField
from common.sealed import BlindIndexField, SealedField
from grids import access
from households.models.homes import Household


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Resident(models.Model):
    """A person of a household. Nothing is kept that no screen uses (domain handbook 3.6a and 7)."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("female")
        MALE = "M", _("male")

    sealing_id = models.UUIDField(default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="residents")
    area_path = AreaPathField()
    name = models.CharField(_("name"), max_length=60)
    relation = models.CharField(_("relation to the head"), max_length=20)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True, default="")
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    lives_here = models.BooleanField(default=True)
    phone = SealedField(_("phone"), purpose="phone")
    phone_index = BlindIndexField()
    phone_tail = BlindIndexField()

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="birth_year_possible",
                condition=Q(birth_year__isnull=True) | Q(birth_year__range=(1880, 2200)),
            )
        ]
        indexes = [
            models.Index(fields=["area_path"], name="resident_in_area"),
            models.Index(fields=["phone_index"], name="resident_by_phone", condition=~Q(phone_index="")),
        ]

    def __str__(self):
        return self.name
