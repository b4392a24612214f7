import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("capacity", "0001_initial"),
        ("capacity", "0002_closing"),
        ("capacity", "0003_one_length"),
        ("capacity", "0004_collects"),
        ("capacity", "0005_together"),
        ("capacity", "0006_shares"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlacePool",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner", models.CharField(max_length=120)),
                ("name", models.CharField(blank=True, default="", max_length=80, verbose_name="name")),
                ("places", models.IntegerField(verbose_name="places")),
                ("taken", models.IntegerField(default=0, verbose_name="taken")),
                ("held", models.IntegerField(default=0, verbose_name="held")),
                ("kept", models.IntegerField(db_default=0, default=0, verbose_name="kept for some")),
                ("waiting", models.IntegerField(default=0, verbose_name="waiting")),
                ("lapses_at", models.DateTimeField(null=True)),
                ("offer_hours", models.SmallIntegerField(default=24, verbose_name="hours to answer an offer")),
                ("least_minutes", models.SmallIntegerField(default=30, verbose_name="minutes to answer at least")),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="the queue closes")),
                (
                    "skips_allowed",
                    models.SmallIntegerField(
                        default=3, verbose_name="how often a group that does not fit may be passed over"
                    ),
                ),
                (
                    "gather_hours",
                    models.SmallIntegerField(
                        db_default=24, default=24, verbose_name="hours for which places are gathered for it"
                    ),
                ),
                ("collects", models.BooleanField(db_default=False, default=False, verbose_name="nobody is served yet")),
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
                "verbose_name": "pool of places",
                "verbose_name_plural": "pools of places",
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
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("holder", models.CharField(max_length=120)),
                ("places", models.IntegerField(default=1, verbose_name="places")),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "held"), ("taken", "taken"), ("released", "released")],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
                ("share", models.CharField(blank=True, db_default="", default="", max_length=20)),
                ("of_share", models.IntegerField(db_default=0, default=0)),
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
                    "pool",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="capacity.placepool"
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
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
            name="Share",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=20)),
                ("places", models.IntegerField(verbose_name="places")),
                ("left", models.IntegerField(verbose_name="still kept")),
                ("until", models.DateTimeField(verbose_name="kept until")),
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
                    "pool",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="capacity.placepool"
                    ),
                ),
            ],
            options={
                "verbose_name": "share of a pool",
                "verbose_name_plural": "shares of pools",
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
            name="WaitEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("holder", models.CharField(max_length=120)),
                ("places", models.IntegerField(default=1, verbose_name="places")),
                ("joined_at", models.DateTimeField(default=weiyifang.core.clock.now, verbose_name="waiting since")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("offered", "offered a place"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("expired", "not answered in time"),
                            ("left", "left the list"),
                            ("closed", "the list closed before their turn"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("together", models.UUIDField(blank=True, null=True)),
                ("skips", models.SmallIntegerField(default=0, verbose_name="passed over")),
                ("gathers_until", models.DateTimeField(blank=True, null=True)),
                ("fits", models.JSONField(blank=True, db_default={}, default=dict)),
                ("offer_expires_at", models.DateTimeField(blank=True, null=True, verbose_name="answer until")),
                (
                    "claim",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="capacity.claim",
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
                    "pool",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="capacity.placepool"
                    ),
                ),
            ],
            options={
                "verbose_name": "waiting-list entry",
                "verbose_name_plural": "waiting-list entries",
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
            model_name="placepool",
            index=models.Index(fields=["community", "lapses_at"], name="placepool_lapses"),
        ),
        migrations.AddIndex(
            model_name="placepool",
            index=models.Index(
                condition=models.Q(("waiting__gt", 0)), fields=["community", "closes_at"], name="placepool_closes"
            ),
        ),
        migrations.AddConstraint(
            model_name="placepool",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="capacity_placepool_home"),
        ),
        migrations.AddConstraint(
            model_name="placepool",
            constraint=models.UniqueConstraint(fields=("community", "owner", "name"), name="placepool_name"),
        ),
        migrations.AddConstraint(
            model_name="placepool",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held__gte", 0),
                    ("kept__gte", 0),
                    ("taken__gte", 0),
                    (
                        "places__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("taken"), "+", models.F("held")),
                            "+",
                            models.F("kept"),
                        ),
                    ),
                ),
                name="placepool_never_oversold",
            ),
        ),
        migrations.AddConstraint(
            model_name="placepool",
            constraint=models.CheckConstraint(
                condition=models.Q(("collects", False), models.Q(("held", 0), ("taken", 0)), _connector="OR"),
                name="placepool_collects_or_gives",
            ),
        ),
        migrations.AddConstraint(
            model_name="placepool",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waiting__gte", 0), ("offer_hours__gte", 0), ("skips_allowed__gte", 0), ("least_minutes__gte", 0)
                ),
                name="placepool_no_negatives",
            ),
        ),
        migrations.AddConstraint(
            model_name="placepool",
            constraint=models.CheckConstraint(condition=models.Q(("gather_hours__gte", 0)), name="placepool_gathers"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["community", "holder"], name="claim_holder"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "held")), fields=["community", "pool", "expires_at"], name="claim_lapses"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="capacity_claim_home"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "pool"),
                name="capacity_claim_pool_fk",
                to="capacity.PlacePool",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "released"), _negated=True),
                fields=("community", "pool", "holder"),
                name="claim_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(condition=models.Q(("places__gt", 0)), name="claim_of_something"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("of_share", 0), ("share", "")),
                    models.Q(
                        models.Q(("share", ""), _negated=True),
                        ("of_share__gte", 1),
                        ("of_share__lte", models.F("places")),
                    ),
                    _connector="OR",
                ),
                name="claim_of_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), _negated=True), ("expires_at__isnull", False), _connector="OR"
                ),
                name="claim_hold_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="capacity_share_home"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "pool"),
                name="capacity_share_pool_fk",
                to="capacity.PlacePool",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("community", "pool", "name"), name="share_once"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(("left__gte", 0), ("left__lte", models.F("places")), ("places__gte", 1)),
                name="share_left",
            ),
        ),
        migrations.AddIndex(
            model_name="waitentry",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["community", "pool", "joined_at", "id"],
                name="waitentry_line",
            ),
        ),
        migrations.AddIndex(
            model_name="waitentry",
            index=models.Index(fields=["community", "claim"], name="waitentry_claim"),
        ),
        migrations.AddIndex(
            model_name="waitentry",
            index=models.Index(fields=["community", "holder"], name="waitentry_holder"),
        ),
        migrations.AddConstraint(
            model_name="waitentry",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="capacity_waitentry_home"),
        ),
        migrations.AddConstraint(
            model_name="waitentry",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "pool"),
                name="capacity_waitentry_pool_fk",
                to="capacity.PlacePool",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="waitentry",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "claim"),
                name="capacity_waitentry_claim_fk",
                to="capacity.Claim",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="waitentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "offered"])),
                fields=("community", "pool", "holder"),
                name="waitentry_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("places__gt", 0), ("skips__gte", 0)), name="waitentry_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), _negated=True),
                    models.Q(("claim", None), ("offer_expires_at", None)),
                    _connector="OR",
                ),
                name="waitentry_waits_without_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "offered"), _negated=True),
                    models.Q(("claim__isnull", False), ("offer_expires_at__isnull", False)),
                    _connector="OR",
                ),
                name="waitentry_offer_holds_places",
            ),
        ),
    ]
