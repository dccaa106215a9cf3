"""Enters the holidays and swapped working days of the years that are known when the platform is installed."""

from django.db import migrations

YEARS = range(2024, 2031)


def enter(apps, schema_editor):
    from workdays import calendar

    calendar.seed(YEARS, days=apps.get_model("workdays", "CalendarDay").objects)


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
