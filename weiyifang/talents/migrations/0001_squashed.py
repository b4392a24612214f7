import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy
import weiyifang.talents.models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("talents", "0001_initial"),
        ("talents", "0002_lapsing"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Talent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("what", models.CharField(blank=True, max_length=40, verbose_name="what you can do")),
                ("words", models.CharField(blank=True, max_length=400, verbose_name="in your own words")),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="topics",
                    ),
                ),
                ("takes_requests", models.BooleanField(default=True, verbose_name="can be asked at the moment")),
                ("since", models.DateField(default=weiyifang.core.clock.today, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
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
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
            ],
            options={
                "verbose_name": "talent",
                "verbose_name_plural": "talents",
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
            name="TalentRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("of", models.CharField(blank=True, max_length=120, verbose_name="in whose name")),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="what for")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="where")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="begins")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for an answer"),
                            ("accepted", "said yes"),
                            ("declined", "said no"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "nobody answered in time"),
                            ("closed", "no longer possible"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="answer")),
                (
                    "asker_phone",
                    models.BooleanField(default=False, verbose_name="the talent may have the asker's phone"),
                ),
                (
                    "talent_phone",
                    models.BooleanField(default=False, verbose_name="the asker may have the talent's phone"),
                ),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "lapses_at",
                    models.DateTimeField(
                        default=weiyifang.talents.models.lapse_of, verbose_name="can be answered until"
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.resident",
                    ),
                ),
                (
                    "talent",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="talents.talent"
                    ),
                ),
            ],
            options={
                "verbose_name": "request to a talent",
                "verbose_name_plural": "requests to talents",
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
            name="Thanks",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="your thanks")),
                ("is_named", models.BooleanField(default=False, verbose_name="my name may stand under it")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("written", "the talent has not said yet whether others may read it"),
                            ("shown", "the neighbours may read it"),
                            ("taken_back", "taken back"),
                        ],
                        default="written",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("written_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("shown_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "request",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="thanks", to="talents.talentrequest"
                    ),
                ),
            ],
            options={
                "verbose_name": "thanks",
                "verbose_name_plural": "thanks",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="talent",
            index=models.Index(fields=["community", "resident"], name="talent_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="talent",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="talents_talent_home"),
        ),
        migrations.AddConstraint(
            model_name="talent",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="talents_talent_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="talent",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="talent_number"),
        ),
        migrations.AddConstraint(
            model_name="talent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("community", "resident"), name="talent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="talent",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="talent_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="talentrequest",
            index=models.Index(fields=["community", "talent", "state"], name="talent_request_of_talent"),
        ),
        migrations.AddIndex(
            model_name="talentrequest",
            index=models.Index(fields=["community", "resident", "state"], name="talent_request_by_resident"),
        ),
        migrations.AddIndex(
            model_name="talentrequest",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["community", "lapses_at"], name="talent_request_lapses"
            ),
        ),
        migrations.AddConstraint(
            model_name="talentrequest",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="talents_talentrequest_home"),
        ),
        migrations.AddConstraint(
            model_name="talentrequest",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "talent"),
                name="talents_talentrequest_talent_fk",
                to="talents.Talent",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="talentrequest",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="talents_talentrequest_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="talentrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("community", "talent", "resident", "of"),
                name="talent_request_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="talentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "accepted", "declined", "withdrawn", "lapsed", "closed"])),
                name="talent_request_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="talentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at", None), ("starts_at", None)),
                    models.Q(
                        ("ends_at__gt", models.F("starts_at")), ("ends_at__isnull", False), ("starts_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="talent_request_both_times_or_none",
            ),
        ),
        migrations.AddIndex(
            model_name="thanks",
            index=models.Index(fields=["community", "request"], name="thanks_for_request"),
        ),
        migrations.AddConstraint(
            model_name="thanks",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="talents_thanks_home"),
        ),
        migrations.AddConstraint(
            model_name="thanks",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "request"),
                name="talents_thanks_request_fk",
                to="talents.TalentRequest",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="thanks",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "taken_back"), _negated=True),
                fields=("community", "request"),
                name="thanks_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="thanks",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["written", "shown", "taken_back"])), name="thanks_state_known"
            ),
        ),
    ]
