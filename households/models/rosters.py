"""Imports of rosters on their way from upload to undoing, and what people said the columns of their tables mean."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import HeldFile, User
from common import clock
from common.fields import AreaPathField
from grids import access
from grids.models import Area


class RosterImport(models.Model):
    """A roster somebody uploaded for a village or town. What stands in it is sealed in `file`, what taking it over
    would do in `preview`, both gone within a day; here stand only states, counts, and the ids it wrote."""

    class State(models.TextChoices):
        COLUMNS = "columns", _("columns to be named")
        CHECKING = "checking", _("being checked")
        WRONG = "wrong", _("has errors")
        READY = "ready", _("waits for confirmation")
        WRITING = "writing", _("being taken over")
        DONE = "done", _("taken over")
        UNDONE = "undone", _("taken back")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("broken off")

    sealing_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = AreaPathField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COLUMNS)
    file = models.ForeignKey(HeldFile, models.SET_NULL, null=True, related_name="+")
    preview = models.ForeignKey(HeldFile, models.SET_NULL, null=True, related_name="+")
    columns = models.JSONField(default=dict)  # place of the column -> key
    counts = models.JSONField(default=dict)
    mark = models.TextField(default="", blank=True)  # of the roster the preview was made for
    changed_meanwhile = models.BooleanField(default=False)
    progress = models.PositiveSmallIntegerField(default=0)  # of a hundred
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    written = models.JSONField(default=dict)  # what undoing needs: ids, and entries of the history
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = access.AreaScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["area_path"], name="roster_import_in_area"),
            models.Index(
                fields=["state"], name="roster_import_waits", condition=models.Q(state__in=["checking", "writing"])
            ),
        ]

    def __str__(self):
        return f"{self.area_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.WRITING)

    @property
    def is_over(self) -> bool:
        """Whether nothing of the file is there any more."""
        return self.state in (self.State.DONE, self.State.UNDONE, self.State.CANCELLED, self.State.FAILED)


class RosterColumns(models.Model):
    """What the columns of a village's tables mean, by the mark of their heads, as somebody said last time."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    heads = models.CharField(max_length=32)
    columns = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "heads"], name="roster_columns_once")]

    def __str__(self):
        return f"{self.area_id} {self.heads}"
