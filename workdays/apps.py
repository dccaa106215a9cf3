"""The app configuration of workdays."""

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class WorkdaysConfig(AppConfig):
    name = "workdays"

    def ready(self):
        post_migrate.connect(enter_known_years, sender=self)


def enter_known_years(**kwargs):
    """After an upgrade: the years that have become known with it. What a town changed in the others stays."""
    from workdays import calendar

    if "workdays_calendarday" not in connection.introspection.table_names():
        return  # taken back to before it
    calendar.seed(calendar.unknown_years(calendar.KNOWN_YEARS))
