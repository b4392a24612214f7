import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("replay", "0001_initial"),
        ("replay", "0002_mark"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seed", models.IntegerField()),
                ("scale", models.FloatField()),
                ("last_day", models.DateField()),
                ("steps_done", models.IntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="replay_run_home"),
                    models.UniqueConstraint(fields=("community",), name="replay_once"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
    ]
