"""Facts per area and day, week or month; which periods are owed; the village's weekly ledger."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock, periods
from common.fields import AreaPathField
from grids import access
from grids.models import Area

DUTY = ["expected", "on_time", "late", "nil", "missing", "excused", "pending"]
FLOWS = ["findings", "opened", "reopened", "settled", "unsettled", "transferred", "duplicates"]
VISITS = ["visits", "nobody_home"]
STOCKS = ["open", "households", "linked", "to_visit", "visited", "overdue"]  # as they stand at the end of the last day
SEALED = DUTY + FLOWS  # what a weekly ledger holds of the counts
COUNTS = SEALED + VISITS
KINDS = {periods.DAY: _("day"), periods.WEEK: _("week"), periods.MONTH: _("month")}


def _count():
    return models.IntegerField(default=0)


class Fact(models.Model):
    """Figures of one area for one closed day, week or month, recounted from rows, never added to.
    Day facts exist from the village up: a grid's day is its report. The arrays follow the order of
    casework.codes.FIELDS and CATEGORIES and are empty (NULL) where nothing was found."""

    pk = models.CompositePrimaryKey("area_id", "kind", "start")
    # no constraint: facts are derived, written by the hundred thousand, and proven by check_figures
    area = models.ForeignKey(Area, models.DO_NOTHING, related_name="facts", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=1, choices=KINDS)
    start = models.DateField()
    expected = _count()
    on_time = _count()
    late = _count()
    nil = _count()
    missing = _count()
    excused = _count()
    pending = _count()
    findings = _count()
    by_field = ArrayField(models.IntegerField(), null=True)
    by_category = ArrayField(models.IntegerField(), null=True)
    opened = _count()
    reopened = _count()
    settled = _count()
    unsettled = _count()
    transferred = _count()
    duplicates = _count()
    open = _count()
    households = _count()
    linked = _count()
    visits = _count()
    nobody_home = _count()
    to_visit = _count()
    visited = _count()
    overdue = _count()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="every_expected_report_is_in_one_state",
                condition=Q(expected=F("on_time") + F("late") + F("missing") + F("excused") + F("pending")),
            ),
            models.CheckConstraint(name="nil_is_a_report", condition=Q(nil__lte=F("on_time") + F("late"))),
            models.CheckConstraint(name="no_more_linked_than_there_are", condition=Q(linked__lte=F("households"))),
            models.CheckConstraint(
                name="visited_or_overdue_is_to_visit", condition=Q(to_visit__gte=F("visited") + F("overdue"))
            ),
            models.CheckConstraint(name="nothing_is_counted_below_zero", condition=Q(missing__gte=0, open__gte=0)),
        ]

    def __str__(self):
        return f"{self.area_id} {self.kind} {self.start}"


class OwedPeriod(models.Model):
    """A period a town must have counted, or drafted ledgers for; what is owed is computed from here alone."""

    KINDS = [*KINDS.items(), ("L", _("weekly ledgers"))]

    town = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=1, choices=KINDS)
    start = models.DateField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, default="")
    parked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "kind", "start"], name="owed_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="still_owed")]

    def __str__(self):
        return f"{self.town_id} {self.kind} {self.start}"


class Heartbeat(models.Model):
    """When worker and beat were last seen at work."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return self.name


# what a seal covers, and the totals beside it; the town's later word (state, review) is not part of it
UNDER_SEAL = [
    "village_id", "week", "version", "content", "sha256", "comment", "signed_by_id", "signed_at", "opened_from_id",
    "opening", "new", "reopened", "moved_in", "corrections", "settled", "unsettled", "transferred", "duplicates",
    "moved_out", "closing",
]  # fmt: skip
SEALED_AND_CHANGED = "OLD.sha256 <> '' AND ({}) IS DISTINCT FROM ({})".format(
    ", ".join(f'OLD."{name}"' for name in UNDER_SEAL), ", ".join(f'NEW."{name}"' for name in UNDER_SEAL)
)


class WeeklyLedger(models.Model):
    """The village's weekly ledger (村周汇总台账), one row a version. Signed content never changes; what turns up later
    drafts the next version and shows as a correction in the next open ledger (domain handbook 8.2, 8.3)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("signed")
        ACCEPTED = "accepted", _("accepted by the town")
        RETURNED = "returned", _("returned by the town")

    IN_FORCE = [State.SIGNED, State.ACCEPTED]

    village = models.ForeignKey(Area, models.PROTECT, related_name="ledgers")
    town = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = AreaPathField()
    week = models.DateField()  # its Monday
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    opened_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    opening = _count()
    new = _count()
    reopened = _count()
    moved_in = _count()
    corrections = _count()
    settled = _count()
    unsettled = _count()
    transferred = _count()
    duplicates = _count()
    moved_out = _count()
    closing = _count()
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    comment = models.CharField(max_length=1000, blank=True, default="")
    drafted_at = models.DateTimeField(default=clock.now)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=500, blank=True, default="")

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["village", "week", "version"], name="ledger_version_once"),
            models.UniqueConstraint(fields=["village", "week"], condition=Q(state="draft"), name="one_draft_a_week"),
            models.CheckConstraint(
                name="ledger_carries_over",
                condition=Q(
                    closing=F("opening")
                    + F("new")
                    + F("reopened")
                    + F("moved_in")
                    + F("corrections")
                    - F("settled")
                    - F("unsettled")
                    - F("transferred")
                    - F("duplicates")
                    - F("moved_out")
                ),
            ),
            models.CheckConstraint(
                name="signed_is_sealed",
                condition=Q(state="draft") | (~Q(sha256="") & Q(signed_at__isnull=False, signed_by__isnull=False)),
            ),
            models.CheckConstraint(name="return_needs_a_reason", condition=~Q(state="returned") | ~Q(return_reason="")),
        ]
        indexes = [models.Index(fields=["area_path", "week"], name="ledger_in_area")]
        triggers = [
            pgtrigger.Protect(
                name="sealed", operation=pgtrigger.Update, condition=pgtrigger.Condition(SEALED_AND_CHANGED)
            ),
            pgtrigger.Protect(
                name="sealed_stays", operation=pgtrigger.Delete, condition=pgtrigger.Condition("OLD.sha256 <> ''")
            ),
        ]

    def __str__(self):
        return f"{self.village_id} {self.week} v{self.version}"
