from django.db import migrations


def hear(apps, schema_editor):
    """People entered before are found by the sound of their names too."""
    from common import sounds

    people = apps.get_model("accounts", "User").objects.filter(pinyin="")
    for user in people.only("name").iterator():
        people.filter(pk=user.pk).update(pinyin=sounds.sound(user.name), initials=sounds.initials(user.name))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_slips_and_sounds'),
    ]

    operations = [
        migrations.RunPython(hear, migrations.RunPython.noop),
    ]
