import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import weiyifang.core.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("timetable", "0001_initial"),
        ("timetable", "0002_shared"),
        ("timetable", "0003_parts"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField()),
                ("is_shared", models.BooleanField(default=False, verbose_name="beside others")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="when")),
                ("buffered", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="with buffers")),
                ("source", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("hold", "held"), ("confirmed", "booked"), ("released", "released")],
                        default="confirmed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
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
                "verbose_name": "allocation",
                "verbose_name_plural": "allocations",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        models.F("community"),
                        models.F("subject_id"),
                        models.Func(models.F("buffered"), function="upper"),
                        condition=models.Q(("state", "released"), _negated=True),
                        name="allocation_calendar",
                    ),
                    models.Index(fields=["community", "source"], name="allocation_source"),
                    models.Index(
                        condition=models.Q(("state", "hold")),
                        fields=["community", "expires_at"],
                        name="allocation_lapses",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="timetable_allocation_home"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "released"), _negated=True),
                        expressions=[
                            (
                                models.Func(
                                    models.F("community_id"),
                                    models.F("community_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=models.TextField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("subject_id"),
                                    models.F("subject_id"),
                                    models.Value("[]"),
                                    function="uuidrange",
                                    output_field=models.TextField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Case(
                                    models.When(
                                        is_shared=True,
                                        then=models.Func(
                                            models.F("id"),
                                            models.F("id"),
                                            models.Value("[]"),
                                            function="uuidrange",
                                            output_field=models.TextField(),
                                        ),
                                    ),
                                    default=models.Func(
                                        models.Value(None),
                                        models.Value(None),
                                        function="uuidrange",
                                        output_field=models.TextField(),
                                    ),
                                    output_field=models.TextField(),
                                ),
                                "&&",
                            ),
                            ("buffered", "&&"),
                        ],
                        name="allocation_one_at_a_time",
                        violation_error_message="This is already taken at that time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("during__isempty", False),
                            ("during__lower_inc", True),
                            ("during__lower_inf", False),
                            ("during__upper_inc", False),
                            ("during__upper_inf", False),
                        ),
                        name="allocation_span_is_half_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("buffered__contains", models.F("during")),
                            ("buffered__lower_inc", True),
                            ("buffered__lower_inf", False),
                            ("buffered__upper_inc", False),
                            ("buffered__upper_inf", False),
                        ),
                        name="allocation_buffers_cover",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "hold"), _negated=True), ("expires_at__isnull", False), _connector="OR"
                        ),
                        name="allocation_hold_ends",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("whole_id", models.UUIDField()),
                ("part_id", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80, verbose_name="what it is called")),
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
                "verbose_name": "part",
                "verbose_name_plural": "parts",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="timetable_part_home"),
                    models.UniqueConstraint(fields=("community", "whole_id", "part_id"), name="part_once"),
                    models.CheckConstraint(
                        condition=models.Q(("whole_id", models.F("part_id")), _negated=True), name="part_of_another"
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
    ]
