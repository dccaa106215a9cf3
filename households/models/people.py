"""Residents: the people of a household, what help their family asks for, and whether a town keeps ID numbers."""

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import AreaPathField, span_in_order
from common.sealed import BlindIndexField, SealedField
from common.sounds import SoundField
from grids import access
from grids.models import Area
from households.models.homes import SOUNDS, Household
from households.relations import Relation


class ResidentQuerySet(access.AreaScopedQuerySet):
    def current(self):
        """Who belongs to a household today."""
        return self.filter(until_day__isnull=True)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=SOUNDS)
class Resident(models.Model):
    """A person of a household for a span of days. Nothing is kept that no screen uses (domain handbook 3.6a and 7).
    Who goes over to another household, or comes back, has a row for each span; `sealing_id` is the same on all of
    them. `until_day` is the first day without the person and never lies ahead: an open row is true today."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("female")
        MALE = "M", _("male")

    class Came(models.TextChoices):
        LISTED = "listed", _("on the roster")
        BORN = "born", _("born")
        MOVED = "moved", _("came from elsewhere")
        JOINED = "joined", _("from another household")

    class Left(models.TextChoices):
        MOVED = "moved", _("moved away")
        DIED = "died", _("died")
        JOINED = "joined", _("joined another household")
        MISTAKE = "mistake", _("entered by mistake")

    sealing_id = models.UUIDField(default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="residents")
    area_path = AreaPathField()
    name = models.CharField(_("name"), max_length=60)
    pinyin = SoundField()
    initials = SoundField(first_letters=True, max_length=60)
    relation = models.CharField(_("relation to the head"), max_length=20, choices=Relation.choices)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True, default="")
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    lives_here = models.BooleanField(_("lives here"), default=True)
    away_to = models.CharField(_("where"), max_length=40, blank=True, default="")  # as far as the town, never closer
    away_since = models.DateField(_("since"), null=True, blank=True)  # a month, kept as its first day
    phone = SealedField(_("phone"), purpose="phone")
    phone_index = BlindIndexField()
    phone_tail = BlindIndexField()
    id_number = SealedField(_("ID number"), purpose="id_number")  # only where the town switched it on: identity.py
    id_number_index = BlindIndexField()
    id_number_tail = BlindIndexField()
    from_day = models.DateField()
    came_as = models.CharField(max_length=10, choices=Came.choices, default=Came.LISTED)
    until_day = models.DateField(null=True, blank=True)
    left_as = models.CharField(max_length=10, choices=Left.choices, blank=True, default="")

    objects = ResidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="birth_year_possible",
                condition=Q(birth_year__isnull=True) | Q(birth_year__range=(1880, 2200)),
            ),
            models.UniqueConstraint(
                name="one_head_at_a_time",
                fields=["household"],
                condition=Q(relation=Relation.HEAD, until_day__isnull=True),
            ),
            models.UniqueConstraint(
                name="person_in_one_household", fields=["sealing_id"], condition=Q(until_day__isnull=True)
            ),
            span_in_order("resident_days_in_order"),
            models.CheckConstraint(
                name="resident_left_for_a_reason",
                condition=Q(until_day__isnull=True, left_as="") | (Q(until_day__isnull=False) & ~Q(left_as="")),
            ),
            models.CheckConstraint(
                name="away_is_told_of_who_is_away",
                condition=Q(lives_here=False) | Q(away_to="", away_since__isnull=True),
            ),
            models.CheckConstraint(
                name="away_since_a_month", condition=Q(away_since__isnull=True) | Q(away_since__day=1)
            ),
            models.CheckConstraint(
                name="id_number_with_its_index",
                condition=Q(id_number="", id_number_index="", id_number_tail="")
                | (~Q(id_number="") & ~Q(id_number_index="") & ~Q(id_number_tail="")),
            ),
        ]
        indexes = [
            models.Index(fields=["area_path"], name="resident_in_area"),
            models.Index(fields=["sealing_id"], name="resident_as_person"),
            models.Index(fields=["phone_index"], name="resident_by_phone", condition=~Q(phone_index="")),
            models.Index(fields=["phone_tail"], name="resident_by_phone_tail", condition=~Q(phone_tail="")),
            models.Index(fields=["id_number_index"], name="resident_by_id", condition=~Q(id_number_index="")),
            models.Index(fields=["id_number_tail"], name="resident_by_id_tail", condition=~Q(id_number_tail="")),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def assigned_to(user) -> Q:
        """The people of the households a person looks after today."""
        return Q(household__in=Household.objects.filter(Household.assigned_to(user)).values("pk"))

    @property
    def is_head(self) -> bool:
        return self.relation == Relation.HEAD


class NeedKind(models.Model):
    """A kind of help a family may ask for in a town: the ones it began with (needs.SHIPPED) and its own. What is
    offered no more stays with those who asked for it."""

    town = models.ForeignKey(Area, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=30)
    order = models.PositiveSmallIntegerField(default=100)
    offered = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["town", "name"], name="need_kind_once"),
        ]
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Need(models.Model):
    """Help a family asked for, for one of its people or for all: a wish that was stated, by whom and when, and the day
    from which it is asked for no more. Never a mark that others set on somebody."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="needs")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="needs")
    area_path = AreaPathField()
    kind = models.ForeignKey(NeedKind, models.PROTECT, related_name="needs")
    stated_by = models.CharField(_("stated by"), max_length=30)
    from_day = models.DateField(_("stated on"))
    until_day = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            span_in_order("need_days_in_order"),
            models.UniqueConstraint(
                name="need_stated_once",
                fields=["household", "resident", "kind"],
                condition=Q(until_day__isnull=True),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["area_path"], name="need_in_area")]

    def __str__(self):
        return str(self.kind)

    @staticmethod
    def assigned_to(user) -> Q:
        return Q(household__in=Household.objects.filter(Household.assigned_to(user)).values("pk"))


class IdNumberUse(models.Model):
    """A span of days in which a town keeps ID numbers, with the purpose it stated. Without such a row none is kept."""

    town = models.ForeignKey(Area, models.CASCADE, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=200)
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)
    switched_on_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True, blank=True)  # when the numbers kept under it were erased

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_use_of_id_numbers", fields=["town"], condition=Q(until_day__isnull=True)),
            models.CheckConstraint(
                name="id_number_use_days_in_order",
                condition=Q(until_day__isnull=True) | Q(until_day__gte=models.F("from_day")),
            ),
            models.CheckConstraint(name="id_numbers_for_a_purpose", condition=~Q(purpose="")),
        ]

    def __str__(self):
        return f"{self.town} {self.from_day}"
