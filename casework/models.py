"""What disputes and orders both stand on: the case, its numbers, its steps and its open spells."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.codes import Category, Closing, Field
from common import clock
from common.fields import AreaPathField
from grids import access
from grids.models import Area, Post


class NumberSeries(models.Model):
    """The last number given under a prefix; taken under its row lock, so that numbers have no gaps."""

    prefix = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.prefix}{self.last}"


class Case(models.Model):
    """A dispute or an order, as both count. `area_path` is where it lies today; town, village and grid are where it
    was found and never change (requirements C9)."""

    class Kind(models.TextChoices):
        DISPUTE = "dispute", _("dispute")
        ORDER = "order", _("order")

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = AreaPathField()
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    category = models.CharField(max_length=2, choices=Category.choices)
    field = models.CharField(max_length=1, choices=Field.choices)
    state = models.CharField(max_length=20)
    opened_on = models.DateField()
    responsible = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    client_id = models.UUIDField(null=True, unique=True, editable=False)  # of the filled form: sent twice, one case

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["area_path", "opened_on"], name="case_in_area"),
            models.Index(fields=["village", "kind", "opened_on"], name="case_of_village"),
            models.Index(fields=["town", "kind", "opened_on"], name="case_of_town"),
        ]

    def __str__(self):
        return self.number

    @staticmethod
    def assigned_to(user) -> Q:
        """The cases one of a person's posts of today, or of those he stands in for, is responsible for."""
        return Q(responsible__in=[post.pk for post in access.posts(user)])


class Step(models.Model):
    """One act on a case: who, when, from which state to which. Only ever added."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    no = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True, default="")
    after = models.CharField(max_length=20)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    day = models.DateField()
    note = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "no"], name="step_in_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.case_id} {self.no} {self.action}"


class Spell(models.Model):
    """One span in which a case was open. Reopening adds a spell, so no past month is rewritten."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="spells")
    round = models.PositiveSmallIntegerField(default=1)
    opened_on = models.DateField()
    handled_on = models.DateField(null=True)  # the first act beyond registering
    closed_on = models.DateField(null=True)
    closed_as = models.CharField(max_length=12, choices=Closing.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="spell_round_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(closed_on__isnull=True), name="one_open_spell"),
            models.CheckConstraint(
                name="spell_closed_with_a_way",
                condition=Q(closed_on__isnull=True, closed_as="") | (Q(closed_on__isnull=False) & ~Q(closed_as="")),
            ),
            models.CheckConstraint(
                name="spell_days_in_order", condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["opened_on"], name="spell_opened"),
            models.Index(fields=["closed_on"], name="spell_closed"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.round}"

    @staticmethod
    def assigned_to(user) -> Q:
        return Q(case__in=Case.objects.filter(Case.assigned_to(user)))
