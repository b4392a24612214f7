from __future__ import annotations

from django.db import migrations, models

CARRY_OVER = """
UPDATE core_oncerecord SET around = jsonb_build_object('headers',
    jsonb_build_object('Content-Type', content_type)
    || CASE WHEN location = '' THEN '{}' ELSE jsonb_build_object('Location', location) END)
 WHERE status IS NOT NULL"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_one_length")]

    operations = [
        migrations.AddField("oncerecord", "around", models.JSONField(default=dict)),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.RemoveField("oncerecord", "location"),
        migrations.RemoveField("oncerecord", "content_type"),
    ]
