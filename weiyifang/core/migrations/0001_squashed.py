import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("core", "0001_initial"),
        ("core", "0002_journal"),
        ("core", "0003_installation"),
        ("core", "0004_remarks"),
        ("core", "0005_clock_mark"),
        ("core", "0006_one_length"),
        ("core", "0007_answers_whole"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockMark",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="clock_mark_once")],
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("real", "real"), ("demo", "demo")], max_length=4)),
                ("version", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="installation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["real", "demo"])), name="installation_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("verb", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=120)),
                ("actor_account_id", models.UUIDField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=80)),
                ("values", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("text", models.TextField(max_length=1000, verbose_name="reason")),
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
                (
                    "entry",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="core.timelineentry"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("model", models.CharField(max_length=60)),
                ("columns", models.TextField()),
                ("rows", models.IntegerField()),
                ("up_to", models.UUIDField()),
                ("members", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("digests", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                "indexes": [models.Index(fields=["community", "model", "number"], name="block_of_model")],
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="core_block_home"),
                    models.UniqueConstraint(fields=("community", "number"), name="block_number"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("last", models.IntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("community", "id"), name="core_counter_home"),
                    models.UniqueConstraint(fields=("community", "kind"), name="counter_kind"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="OnceRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=80)),
                ("body_hash", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField(null=True)),
                ("body", models.BinaryField(default=b"")),
                ("around", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                "indexes": [models.Index(fields=["community", "at"], name="once_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="core_oncerecord_home"),
                    models.UniqueConstraint(fields=("community", "scope", "key"), name="once_key"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="timelineentry",
            index=models.Index(fields=["community", "subject", "at"], name="timeline_subject"),
        ),
        migrations.AddIndex(
            model_name="timelineentry",
            index=models.Index(fields=["community", "at"], name="timeline_at"),
        ),
        migrations.AddConstraint(
            model_name="timelineentry",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="core_timelineentry_home"),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="core_remark_home"),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "entry"),
                name="core_remark_entry_fk",
                to="core.TimelineEntry",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.UniqueConstraint(fields=("community", "entry", "field"), name="remark_once"),
        ),
    ]
