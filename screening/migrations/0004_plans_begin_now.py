from django.db import migrations

from common import clock


def begin(apps, schema_editor):
    """Towns that work already have no plan of visits up to now, so that no counted day becomes another one, and from
    today the plan of every town: every week."""
    profiles, rules = apps.get_model("grids", "TownProfile"), apps.get_model("screening", "VisitRule")
    today = clock.today()
    for profile in profiles.objects.filter(in_use_from__lt=today):
        rules.objects.create(town_id=profile.town_id, every="none", from_day=profile.in_use_from, until_day=today)
        rules.objects.create(town_id=profile.town_id, every="week", from_day=today)


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0003_visits"),
        ("grids", "0008_acts_on_areas"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
