import django.db.models.deletion
import django.db.models.expressions
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy
import weiyifang.people.secrets


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("banking", "0001_statements"),
        ("banking", "0002_matches"),
        ("banking", "0003_explanations"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("ledger", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("bank", "bank transfer"), ("wechat", "WeChat"), ("cash", "cash")],
                        max_length=6,
                        verbose_name="where the money lies",
                    ),
                ),
                ("number", weiyifang.people.secrets.SealedField(blank=True, default="", verbose_name="account number")),
                ("columns", models.JSONField(default=dict)),
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
                "verbose_name": "bank account",
                "verbose_name_plural": "bank accounts",
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
            name="Explanation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("word", models.CharField(max_length=200, verbose_name="why it does not agree")),
                ("figures", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="banking.bankaccount"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
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
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "explanation of a month",
                "verbose_name_plural": "explanations of months",
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
            name="Match",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("fen", models.BigIntegerField(verbose_name="amount")),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "account",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="banking.bankaccount"
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
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "match",
                "verbose_name_plural": "matches",
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
            name="MatchedEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "account",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="banking.bankaccount"
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
                    "match",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="banking.match"
                    ),
                ),
                (
                    "transfer",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.transfer"
                    ),
                ),
            ],
            options={
                "verbose_name": "matched entry",
                "verbose_name_plural": "matched entries",
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
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("sha256", models.CharField(max_length=64)),
                ("shape", models.CharField(max_length=20)),
                ("since", models.DateField(verbose_name="from day")),
                ("until", models.DateField(verbose_name="to day")),
                ("opening_fen", models.BigIntegerField(verbose_name="opening balance")),
                ("came_in_fen", models.BigIntegerField(verbose_name="money in")),
                ("went_out_fen", models.BigIntegerField(verbose_name="money out")),
                ("closing_fen", models.BigIntegerField(verbose_name="closing balance")),
                ("lines", models.IntegerField(verbose_name="lines")),
                ("known", models.IntegerField(default=0)),
                ("imported_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "account",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="banking.bankaccount"
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
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
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
            name="Line",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("seq", models.IntegerField()),
                ("time", models.CharField(blank=True, default="", max_length=8)),
                ("fen", models.BigIntegerField(verbose_name="amount")),
                ("balance_fen", models.BigIntegerField(verbose_name="balance afterwards")),
                ("key", models.CharField(max_length=120)),
                ("name", models.CharField(blank=True, default="", max_length=80, verbose_name="the other side")),
                ("ending", models.CharField(blank=True, default="", max_length=4)),
                ("words", models.CharField(blank=True, default="", max_length=200, verbose_name="purpose or summary")),
                ("serial", models.CharField(blank=True, default="", max_length=60, verbose_name="serial number")),
                (
                    "aside_because",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="why it is in no book of ours"
                    ),
                ),
                (
                    "account",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="banking.bankaccount"
                    ),
                ),
                (
                    "aside_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
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
                    "match",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="banking.match"
                    ),
                ),
                (
                    "statement",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="banking.statement"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a statement",
                "verbose_name_plural": "lines of statements",
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
            name="StatementDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("bank", "bank transfer"), ("wechat", "WeChat"), ("cash", "cash")],
                        max_length=6,
                        verbose_name="where the money lies",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="name of the file")),
                ("content", models.BinaryField()),
                ("lines", models.IntegerField(default=0)),
                ("columns", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("done_at", models.DateTimeField(null=True)),
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "uploaded statement",
                "verbose_name_plural": "uploaded statements",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="banking_bankaccount_home"),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(fields=("community", "method"), name="bankaccount_one_a_place"),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ("bank", "wechat"))), name="bankaccount_method"
            ),
        ),
        migrations.AddIndex(
            model_name="explanation",
            index=models.Index(fields=["community", "account", "month"], name="explanation_of_month"),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="banking_explanation_home"),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "account"),
                name="banking_explanation_account_fk",
                to="banking.BankAccount",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_by", models.F("asked_by")), _negated=True), name="explanation_two_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at", None),
                    models.Q(("asked_by__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="explanation_confirmed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(fields=["community", "account"], name="match_of_account"),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="banking_match_home"),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "account"),
                name="banking_match_account_fk",
                to="banking.BankAccount",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddIndex(
            model_name="matchedentry",
            index=models.Index(fields=["community", "match"], name="matchedentry_of_match"),
        ),
        migrations.AddConstraint(
            model_name="matchedentry",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="banking_matchedentry_home"),
        ),
        migrations.AddConstraint(
            model_name="matchedentry",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "match"),
                name="banking_matchedentry_match_fk",
                to="banking.Match",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="matchedentry",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "account"),
                name="banking_matchedentry_account_fk",
                to="banking.BankAccount",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="matchedentry",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "transfer"),
                name="banking_matchedentry_transfer_fk",
                to="ledger.Transfer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="matchedentry",
            constraint=models.UniqueConstraint(fields=("community", "account", "transfer"), name="matchedentry_once"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["community", "account", "since"], name="statement_days_of"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="banking_statement_home"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "account"),
                name="banking_statement_account_fk",
                to="banking.BankAccount",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="statement_number"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at", None)),
                fields=("community", "account", "sha256"),
                name="statement_of_a_file_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__lte", models.F("until"))), name="statement_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "closing_fen",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("opening_fen"), "+", models.F("came_in_fen")
                            ),
                            "-",
                            models.F("went_out_fen"),
                        ),
                    )
                ),
                name="statement_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("known__gte", 0), ("known__lte", models.F("lines"))), name="statement_known"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["community", "account", "day", "seq"], name="line_in_order"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["community", "statement"], name="line_of_statement"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("aside_because", ""), ("match", None)),
                fields=["community", "account", "day", "seq"],
                name="line_open",
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["community", "match"], name="line_of_match"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="banking_line_home"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "statement"),
                name="banking_line_statement_fk",
                to="banking.Statement",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "account"),
                name="banking_line_account_fk",
                to="banking.BankAccount",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "match"),
                name="banking_line_match_fk",
                to="banking.Match",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("community", "account", "key"), name="line_once"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("fen", 0), _negated=True), name="line_moves_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("match", None), ("aside_because", ""), _connector="OR"),
                name="line_matched_or_aside",
            ),
        ),
        migrations.AddIndex(
            model_name="statementdraft",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["community", "made_at"], name="statementdraft_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementdraft",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="banking_statementdraft_home"),
        ),
        migrations.AddConstraint(
            model_name="statementdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), ("content", b""), _connector="OR"),
                name="statementdraft_leaves_nothing",
            ),
        ),
    ]
