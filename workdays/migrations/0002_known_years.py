"""The known holidays are entered after every migration (workdays.apps); this step once did it alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]

    operations = []
