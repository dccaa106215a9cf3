"""Acts on the tree of places (move, split, merge, end …) as rows, and the names and codes that hold no more."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.fields import no_overlap, on_day, span_in_order


class AreaAct(models.Model):
    """One change of the tree, effective on a day. A later one is planned, and owed from its day on: what is due is read
    from this table alone. `terms` says what is wanted, by ids, names and codes; `outcome` what was done."""

    class Kind(models.TextChoices):
        OPEN = "open", _("open a place")
        MOVE = "move", _("move")
        SPLIT = "split", _("split")
        MERGE = "merge", _("merge")
        END = "end", _("end")
        RENAME = "rename", _("new name or code")
        CORRECT = "correct", _("correct name or code")
        REVERSE = "reverse", _("take back")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", _("carried out")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REVERSED = "reversed", _("taken back")
        FAILED = "failed", _("could not be carried out")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    town = models.ForeignKey("grids.Area", models.PROTECT, related_name="+")
    on = models.DateField()  # its business day, also where it was carried out later
    terms = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    areas = ArrayField(models.BigIntegerField(), default=list)  # ids of what it changes, for history and overlap
    gives = ArrayField(models.CharField(max_length=24), default=list)  # codes it has taken for new places
    reason = models.CharField(max_length=200, blank=True, default="")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    error = models.CharField(max_length=300, blank=True, default="")
    client_id = models.UUIDField(null=True, unique=True, editable=False)  # of the confirmed form: sent twice, one act

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="act_done_has_its_moment",
                condition=Q(state__in=["done", "reversed"], done_at__isnull=False)
                | (~Q(state__in=["done", "reversed"]) & Q(done_at__isnull=True)),
            ),
            models.CheckConstraint(name="failed_act_says_why", condition=~Q(state="failed") | ~Q(error="")),
            models.CheckConstraint(name="correction_says_why", condition=~Q(kind="correct") | ~Q(reason="")),
        ]
        indexes = [
            GinIndex(fields=["areas"], name="act_of_area"),
            models.Index(fields=["on", "id"], condition=Q(state="planned"), name="act_planned"),
        ]

    def __str__(self):
        return f"{self.kind} {self.on} {self.state}"


class FormerName(models.Model):
    """The code and name an area bore before it was renamed, moved or corrected. The code is never given again."""

    area = models.ForeignKey("grids.Area", models.CASCADE, related_name="former_names")
    code = models.CharField(max_length=24, db_index=True)
    name = models.CharField(max_length=60)
    official_name = models.CharField(max_length=80, blank=True, default="")
    from_day = models.DateField()
    until_day = models.DateField()

    class Meta:
        constraints = [
            no_overlap("area_id", name="one_former_name_a_day"),
            span_in_order("former_name_days_in_order"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


def names_on(day) -> dict[int, tuple[str, str]]:
    """Area id -> (code, name) on a day, of those areas alone that bear another code or name today."""
    rows = FormerName.objects.filter(on_day(day)).values_list("area_id", "code", "name")
    return {area: (code, name) for area, code, name in rows}
