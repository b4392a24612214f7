import django.core.validators
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
        ("communities", "0001_initial"),
        ("communities", "0002_one_length"),
        ("communities", "0003_own_rules"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Community",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="official code")),
                (
                    "slug",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator("^[a-z0-9][a-z0-9-]*$", "Small letters, digits, -.")
                        ],
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("short_name", models.CharField(max_length=40, verbose_name="short name")),
                ("platform_name", models.CharField(blank=True, max_length=60, verbose_name="name of its platform")),
                ("street_name", models.CharField(blank=True, max_length=40, verbose_name="street")),
                ("district_name", models.CharField(blank=True, max_length=40, verbose_name="district")),
                ("city_name", models.CharField(blank=True, max_length=40, verbose_name="city")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="telephone")),
                ("phone_hours", models.CharField(blank=True, max_length=40, verbose_name="when somebody answers")),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="where the office is")),
                ("opened_at", models.DateTimeField(default=weiyifang.core.clock.now)),
            ],
            options={
                "verbose_name": "community",
                "verbose_name_plural": "communities",
                "constraints": [models.UniqueConstraint(fields=("slug",), name="community_slug")],
            },
        ),
        migrations.CreateModel(
            name="OwnRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=60)),
                ("since", models.DateField()),
                ("values", models.JSONField(default=dict)),
                ("set_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "takes_back",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back_by",
                        to="communities.ownrule",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["community", "rule", "since"], name="own_rule_since")],
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="communities_ownrule_home"),
                    weiyifang.core.composite.CompositeForeignKey(
                        fields=("community", "takes_back"),
                        name="communities_ownrule_takes_back_fk",
                        to="communities.OwnRule",
                        to_fields=("community", "id"),
                    ),
                    models.UniqueConstraint(fields=("community", "takes_back"), name="own_rule_taken_back_once"),
                    models.CheckConstraint(
                        condition=models.Q(("takes_back", None), ("values", {}), _connector="OR"),
                        name="own_rule_or_taking_back",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
    ]
