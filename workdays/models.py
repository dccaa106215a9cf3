"""The calendar of working days: holidays and swapped working days, editable, national or of one town."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CalendarDay(models.Model):
    """One day that differs from the plain week, or confirms it. `town_code` is empty for the national list."""

    day = models.DateField(pgettext_lazy("of the calendar", "day"))
    town_code = models.CharField(max_length=12, blank=True, default="")  # text on purpose: this floor knows no areas
    is_workday = models.BooleanField(_("working day"))
    name = models.CharField(pgettext_lazy("of a holiday", "name"), max_length=40, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town_code", "day"], name="calendar_day_once")]

    def __str__(self):
        return f"{self.day} {self.name}"
