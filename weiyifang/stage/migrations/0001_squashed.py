import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy
import weiyifang.people.secrets


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("stage", "0001_initial"),
        ("stage", "0002_sequence"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Engagement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("title", models.CharField(max_length=60, verbose_name="what the show is for")),
                ("customer", weiyifang.people.secrets.SealedField(verbose_name="who wants it")),
                ("phone", weiyifang.people.secrets.SealedField(blank=True, default="", verbose_name="phone")),
                ("place", models.CharField(max_length=80, verbose_name="where")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("budget_fen", models.BigIntegerField(blank=True, null=True, verbose_name="budget")),
                ("is_purchase", models.BooleanField(default=False, verbose_name="a government purchase of services")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="good to know")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "a troupe is sought"),
                            ("agreed", "settled who plays"),
                            ("held", "was played"),
                            ("cancelled", "called off"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("organization", models.CharField(blank=True, max_length=120, verbose_name="who plays")),
                ("price_fen", models.BigIntegerField(default=0, verbose_name="price")),
                ("troupe_share", models.SmallIntegerField(default=0, verbose_name="the troupe's share")),
                ("members_share", models.SmallIntegerField(default=0, verbose_name="the members' share")),
                ("fund_share", models.SmallIntegerField(default=0, verbose_name="the fund's share")),
                ("off_why", models.CharField(blank=True, max_length=200, verbose_name="why it was called off")),
                ("sequence", models.IntegerField(db_default=0, default=0)),
                ("requested_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
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
                "verbose_name": "show",
                "verbose_name_plural": "shows",
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
            name="Income",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                (
                    "method",
                    models.CharField(
                        choices=[("bank", "bank transfer"), ("wechat", "WeChat"), ("cash", "cash")],
                        default="bank",
                        max_length=6,
                        verbose_name="how it was paid",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received on")),
                ("recorded_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("given_back_at", models.DateTimeField(blank=True, null=True)),
                ("given_back_why", models.CharField(blank=True, max_length=200, verbose_name="why it was given back")),
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
                    "engagement",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incomes", to="stage.engagement"
                    ),
                ),
                (
                    "instead_of",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stage.income",
                    ),
                ),
            ],
            options={
                "verbose_name": "income of a show",
                "verbose_name_plural": "incomes of shows",
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
            name="Offer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization", models.CharField(max_length=120, verbose_name="who was asked")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "not answered yet"),
                            ("made", "would play"),
                            ("declined", "does not play"),
                            ("chosen", "plays"),
                            ("closed", "no longer asked"),
                        ],
                        default="asked",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("price_fen", models.BigIntegerField(default=0, verbose_name="price")),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="what goes with the answer")),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
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
                    "engagement",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="stage.engagement"
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of a troupe",
                "verbose_name_plural": "answers of troupes",
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
            name="Performer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("put_in_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "engagement",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="performers", to="stage.engagement"
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
                "verbose_name": "place in a line-up",
                "verbose_name_plural": "places in line-ups",
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
            name="Split",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "whose",
                    models.CharField(
                        choices=[("troupe", "the troupe"), ("member", "a member"), ("fund", "the fund")],
                        max_length=6,
                        verbose_name="whose part",
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                ("shared_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "income",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="splits", to="stage.income"
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
            ],
            options={
                "verbose_name": "part of an income",
                "verbose_name_plural": "parts of incomes",
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
            model_name="engagement",
            index=models.Index(fields=["community", "state", "starts_at"], name="engagement_state"),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=models.Index(fields=["community", "organization", "starts_at"], name="engagement_of_troupe"),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="stage_engagement_home"),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="engagement_number"),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="engagement_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["requested", "agreed", "held", "cancelled"])),
                name="engagement_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("agreed", "held")), _negated=True),
                    models.Q(models.Q(("organization", ""), _negated=True), ("price_fen__gt", 0)),
                    _connector="OR",
                ),
                name="engagement_agreed_with_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("organization", ""),
                    models.Q(
                        (
                            "troupe_share",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.Value(10000), "-", models.F("members_share")
                                ),
                                "-",
                                models.F("fund_share"),
                            ),
                        ),
                        ("fund_share__gte", 0),
                        ("members_share__gte", 0),
                        ("troupe_share__gte", 0),
                    ),
                    _connector="OR",
                ),
                name="engagement_shares_are_the_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("off_why", ""), _negated=True),
                    _connector="OR",
                ),
                name="engagement_called_off_why",
            ),
        ),
        migrations.AddIndex(
            model_name="income",
            index=models.Index(fields=["community", "engagement"], name="income_of_engagement"),
        ),
        migrations.AddConstraint(
            model_name="income",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="stage_income_home"),
        ),
        migrations.AddConstraint(
            model_name="income",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "engagement"),
                name="stage_income_engagement_fk",
                to="stage.Engagement",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="income",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "instead_of"),
                name="stage_income_instead_of_fk",
                to="stage.Income",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="income",
            constraint=models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="income_positive"),
        ),
        migrations.AddConstraint(
            model_name="income",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_back_at", None), models.Q(("given_back_why", ""), _negated=True), _connector="OR"
                ),
                name="income_given_back_why",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["community", "organization", "state"], name="offer_of_troupe"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="stage_offer_home"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "engagement"),
                name="stage_offer_engagement_fk",
                to="stage.Engagement",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(fields=("community", "engagement", "organization"), name="offer_once"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "made", "declined", "chosen", "closed"])),
                name="offer_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["made", "chosen"]), _negated=True), ("price_fen__gt", 0), _connector="OR"
                ),
                name="offer_has_a_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "chosen")), fields=("community", "engagement"), name="offer_chosen_once"
            ),
        ),
        migrations.AddIndex(
            model_name="performer",
            index=models.Index(fields=["community", "resident"], name="performer_who"),
        ),
        migrations.AddConstraint(
            model_name="performer",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="stage_performer_home"),
        ),
        migrations.AddConstraint(
            model_name="performer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "engagement"),
                name="stage_performer_engagement_fk",
                to="stage.Engagement",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="performer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="stage_performer_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="performer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("community", "engagement", "resident"),
                name="performer_once",
            ),
        ),
        migrations.AddIndex(
            model_name="split",
            index=models.Index(fields=["community", "resident"], name="split_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="stage_split_home"),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "income"),
                name="stage_split_income_fk",
                to="stage.Income",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="stage_split_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gte", 0)), name="split_not_below_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resident__isnull", False), ("whose", "member")),
                    models.Q(("resident__isnull", True), ("whose__in", ["troupe", "fund"])),
                    _connector="OR",
                ),
                name="split_of_a_member_names_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resident", None)), fields=("community", "income", "whose"), name="split_party_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.UniqueConstraint(fields=("community", "income", "resident"), name="split_member_once"),
        ),
    ]
