"""The daily report of a grid, what was found on it, every filing as it came in, and the town's rule of duty."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.codes import Category, Field, Severity
from casework.models import Case
from common.fields import AreaPathField, no_overlap, span_in_order
from grids import access
from grids.models import Area
from households.models import Household


class DutyRule(models.Model):
    """On which days a town's grids report, and until when on the day; changeable from a date on."""

    town = models.ForeignKey(Area, models.CASCADE, related_name="duty_rules")
    every_day = models.BooleanField(default=True)  # else only on working days
    cut_off = models.TimeField(default=dt.time(20))
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            no_overlap("town_id", name="one_duty_rule_a_day"),
            span_in_order("duty_rule_days_in_order"),
        ]

    def __str__(self):
        return f"{self.town_id} {self.from_day}"


class DailyReport(models.Model):
    """What one reporting area said about one day. The first receipt decides on time or late and never changes;
    a voided report stays, with its reason."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    area_path = AreaPathField()
    day = models.DateField()
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    due_by = models.DateTimeField()
    late = models.BooleanField()
    nil = models.BooleanField()
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=200, blank=True, default="")

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "area"], condition=Q(voided_at__isnull=True), name="one_report_per_area_and_day"
            ),
            models.CheckConstraint(
                name="late_means_after_the_cut_off", condition=Q(late=Q(received_at__gt=F("due_by")))
            ),
            models.CheckConstraint(
                name="void_needs_a_reason", condition=Q(voided_at__isnull=True) | ~Q(void_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["village", "day"], name="report_of_village"),
            models.Index(fields=["area_path", "day"], name="report_in_area"),
        ]

    def __str__(self):
        return f"{self.area_id} {self.day}"


class Submission(models.Model):
    """One filing as it came from a phone or desk, kept for good. The client's id makes a resend harmless; the same id
    with other content is kept too, as a conflict."""

    class Kind(models.TextChoices):
        FIRST = "first", _("first report")
        ADDITION = "addition", _("addition")
        CORRECTION = "correction", _("correction")
        CONFLICT = "conflict", _("conflict")
        VOID = "void", _("voided")

    client_id = models.UUIDField()
    # null: a matter raised at a visit by somebody who files no report
    report = models.ForeignKey(DailyReport, models.PROTECT, null=True, related_name="submissions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    proxy = models.BooleanField(default=False)  # typed by the desk on the worker's behalf
    received_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)  # the phone's own clock, kept and never trusted
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client_id"], condition=~Q(kind="conflict"), name="client_id_once"),
            models.UniqueConstraint(
                fields=["client_id", "digest"], condition=Q(kind="conflict"), name="conflict_kept_once"
            ),
        ]

    def __str__(self):
        return str(self.client_id)


class Finding(models.Model):
    """One matter found on a day: field, category, one line, what became of it. Corrected findings are withdrawn.
    One raised at a visit by somebody who files no report belongs to no report, and counts on its day all the same."""

    class Outcome(models.TextChoices):
        ON_THE_SPOT = "spot", _("settled on the spot")
        DISPUTE = "dispute", _("register as a dispute")
        ORDER = "order", _("raise as a service order")

    report = models.ForeignKey(DailyReport, models.PROTECT, null=True, related_name="findings")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="findings")
    day = models.DateField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    area_path = AreaPathField()
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(_("field"), max_length=1, choices=Field.choices)
    category = models.CharField(_("category"), max_length=2, choices=Category.choices)
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices, default=Severity.ORDINARY)
    line = models.CharField(_("in one line"), max_length=200)
    outcome = models.CharField(_("what is done"), max_length=8, choices=Outcome.choices)
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="finding")
    withdrawn_by = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="withdrew")

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_raised_finding_has_its_case",
                condition=Q(outcome="spot", case__isnull=True) | (~Q(outcome="spot") & Q(case__isnull=False)),
            )
        ]
        indexes = [
            models.Index(fields=["day"], name="finding_of_day"),
            models.Index(fields=["village", "day"], name="finding_of_village"),
            models.Index(fields=["area_path", "day"], name="finding_in_area"),
        ]

    def __str__(self):
        return f"{self.day} {self.line}"
