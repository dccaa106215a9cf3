"""Visits to households, the leaders' open receptions, how often a town visits, and its words for why one goes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.fields import AreaPathField, no_overlap, on_day, span_in_order
from grids import access
from grids.models import Area
from households.models import Household, HouseholdLink
from screening.models.reports import Finding


class VisitRule(models.Model):
    """How often the linked households of a town are visited, from a day on. A town without any rule: every week."""

    class Every(models.TextChoices):
        WEEK = "week", _("every week")
        MONTH = "month", _("every month")
        NONE = "none", _("no plan: visits are recorded, none is due")

    town = models.ForeignKey(Area, models.CASCADE, related_name="visit_rules")
    every = models.CharField(max_length=5, choices=Every.choices)
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            no_overlap("town_id", name="one_visit_rule_a_day"),
            span_in_order("visit_rule_days_in_order"),
        ]

    def __str__(self):
        return f"{self.town_id} {self.every} {self.from_day}"


class VisitWords(models.Model):
    """A town's own list of 六到户八必访: what is brought to the household, and on which occasions one must go.
    A visit keeps the words it was recorded with."""

    town = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="visit_words")
    brought = ArrayField(models.CharField(max_length=40))
    occasions = ArrayField(models.CharField(max_length=40))

    def __str__(self):
        return str(self.town_id)


class Visit(models.Model):
    """One visit at a household's door, or one resident heard at a leader's open reception. Who was there is kept by
    relation, never by name. A corrected visit stays, withdrawn, and the row that corrects it points to it."""

    class Kind(models.TextChoices):
        HOME = "home", _("visit at home")
        RECEPTION = "reception", _("open reception")

    class Result(models.TextChoices):
        MET = "met", _("somebody was there")
        NOBODY = "nobody", _("nobody home")

    class Capacity(models.TextChoices):
        MEMBER = "member", _("linked party member")
        WORKER = "worker", _("grid worker")
        VILLAGE = "village", _("village cadre")
        CADRE = "cadre", _("area cadre")
        LEADER = "leader", _("town leader")

    class Present(models.TextChoices):
        HEAD = "head", _("head of household")
        SPOUSE = "spouse", _("spouse")
        CHILD = "child", _("son or daughter")
        PARENT = "parent", _("parent")
        OTHER = "other", _("another of the family")

    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.HOME)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="visits", db_index=False)
    day = models.DateField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    area_path = AreaPathField()
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=8, choices=Capacity.choices)
    result = models.CharField(max_length=8, choices=Result.choices, default=Result.MET)
    present = ArrayField(models.CharField(max_length=8, choices=Present.choices), default=list)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    line = models.CharField(_("what was raised"), max_length=200, blank=True, default="")
    follow_up = models.CharField(_("follow-up"), max_length=200, blank=True, default="")
    again_on = models.DateField(null=True)
    finding = models.OneToOneField(Finding, models.PROTECT, null=True, related_name="visit")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    received_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)  # the phone's own clock, kept and never trusted
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    withdraw_reason = models.CharField(max_length=200, blank=True, default="")

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_visit_at_home_has_its_household",
                condition=Q(kind="home", household__isnull=False)
                | Q(kind="reception", household__isnull=True, result="met"),
            ),
            models.CheckConstraint(
                name="nobody_home_raises_nothing",
                condition=Q(result="met") | Q(present__len=0, line="", finding__isnull=True),
            ),
            models.CheckConstraint(
                name="a_withdrawn_visit_says_why", condition=Q(withdrawn_at__isnull=True) | ~Q(withdraw_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["household", "day"], name="visit_of_household"),
            models.Index(fields=["village", "day"], name="visit_of_village"),
            models.Index(fields=["area_path", "day"], name="visit_in_area"),
            models.Index(fields=["day"], name="visit_of_day"),
        ]

    def __str__(self):
        return f"{self.day} {self.household_id or self.area_id}"

    @staticmethod
    def assigned_to(user) -> Q:
        """The visits a linked party member reads: to the households he looks after today, and his own."""
        links = HouseholdLink.objects.filter(on_day(clock.today()), Q(member=user.pk) | Q(cadre=user.pk))
        return Q(by=user.pk) | Q(household__in=links.values("household"))


class VisitConflict(models.Model):
    """A visit that came in under a number that was known with other content: kept as it came, never counted."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="conflicts")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "digest"], name="visit_conflict_kept_once")]

    def __str__(self):
        return f"{self.visit_id} {self.received_at}"
