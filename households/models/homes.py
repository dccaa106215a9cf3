"""Households, where they lie, and where they lay before."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import AreaPathField, no_overlap, on_day, span_in_order
from common.sounds import SoundField
from grids import access
from grids.models import Area

SOUNDS = ("pinyin", "initials")  # follow from the name: no history of their own


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=SOUNDS)
class Household(models.Model):
    """A household (户). `area_path` is its micro-grid today; town, village and grid are where it counts. Its point is
    where the house stands, in WGS84, entered once: a place, not where anybody is or was. Its name is that of its head,
    where residents are entered; `until_day` is the first day without it."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary household")
        LIFTED = "lifted", _("lifted out of poverty")
        MONITORED = "monitored", _("monitored against return to poverty")

    class Ended(models.TextChoices):
        MOVED = "moved", _("moved away")
        DIED = "died", _("nobody is left")
        MERGED = "merged", _("joined another household")
        MISTAKE = "mistake", _("entered by mistake")

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    pinyin = SoundField()
    initials = SoundField(first_letters=True, max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ORDINARY)
    kind_since = models.DateField(_("of this kind since"), null=True, blank=True)
    kind_source = models.CharField(_("source of the kind"), max_length=60, blank=True, default="")
    address = models.CharField(_("house number or address"), max_length=120, blank=True, default="")
    lives_here = models.BooleanField(_("somebody lives there"), default=True)
    contact = models.ForeignKey(
        "households.Resident", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="households")
    area_path = AreaPathField()
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+")
    grid = models.ForeignKey(Area, models.PROTECT, related_name="+")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)
    here_since = models.DateField(null=True, editable=False)  # where its place was changed; before, see FormerPlace
    ended_as = models.CharField(max_length=10, choices=Ended.choices, blank=True, default="")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="offshoots", db_index=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            span_in_order("household_days_in_order"),
            models.CheckConstraint(
                name="household_stands_in_china_or_nowhere",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__isnull=False, latitude__isnull=False, longitude__range=(73, 136), latitude__range=(3, 54)
                ),
            ),
            models.CheckConstraint(
                name="household_is_here_after_it_came",
                condition=Q(here_since__isnull=True) | Q(here_since__gte=F("from_day")),
            ),
            models.CheckConstraint(
                name="household_merged_into_another",
                condition=Q(merged_into__isnull=True) | Q(ended_as="merged", until_day__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["area_path"], name="household_in_area"),
            models.Index(fields=["until_day"], name="household_ended", condition=Q(until_day__isnull=False)),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def assigned_to(user) -> Q:
        """The households a person looks after today."""
        from households.models.party import HouseholdLink  # the link points to the household

        links = HouseholdLink.objects.filter(on_day(clock.today()), Q(member=user.pk) | Q(cadre=user.pk))
        return Q(pk__in=links.values("household"))

    @property
    def counts_here_from(self):
        """The first day on which it counts where it lies today."""
        return self.here_since or self.from_day


class FormerPlace(models.Model):
    """Where a household counted before its place was moved, split or merged: one row for each such span of days."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="former_places")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    from_day = models.DateField()
    until_day = models.DateField()

    class Meta:
        constraints = [
            no_overlap("household_id", name="one_former_place_a_day"),
            span_in_order("former_place_days_in_order"),
        ]

    def __str__(self):
        return f"{self.household_id} {self.from_day}"
