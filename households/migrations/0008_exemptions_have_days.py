"""Whoever was marked as exempt is so since the mark was made; illness and disability become "not able to take it on"."""

from django.db import migrations

COPY = """INSERT INTO households_exemption (member_id, reason, from_day)
    SELECT m.user_id, CASE WHEN m.exempt IN ('elderly', 'away') THEN m.exempt ELSE 'unable' END,
        (SELECT min(e.pgh_created_at)::date FROM households_partymemberevent e
            WHERE e.pgh_obj_id = m.user_id AND e.exempt = m.exempt)
    FROM households_partymember m WHERE m.exempt <> ''"""


class Migration(migrations.Migration):
    dependencies = [("households", "0007_who_looks_after_whom")]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="partymember", name="exempt"),
        migrations.RemoveField(model_name="partymemberevent", name="exempt"),
    ]
