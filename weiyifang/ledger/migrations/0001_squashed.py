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
        ("ledger", "0001_initial"),
        ("ledger", "0002_keys_to_balances"),
        ("ledger", "0003_every_pair_meets"),
        ("ledger", "0004_no_names"),
        ("ledger", "0005_rows_of_months"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "unit",
                    models.CharField(
                        choices=[("fen", "fen"), ("minutes", "minutes")], max_length=10, verbose_name="unit"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("sealed_through", models.DateField(null=True, verbose_name="sealed through")),
                ("opened_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                "verbose_name": "book",
                "verbose_name_plural": "books",
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
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "side",
                    models.CharField(
                        choices=[("debit", "debit"), ("credit", "credit")], max_length=6, verbose_name="grows by"
                    ),
                ),
                ("floored", models.BooleanField(verbose_name="never below zero")),
                ("party", models.CharField(blank=True, max_length=120, verbose_name="kept for")),
                ("closed", models.BooleanField(default=False, verbose_name="closed")),
                ("opened_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "book",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="ledger.book",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
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
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("content_hash", models.CharField(max_length=64)),
                ("memo", models.CharField(blank=True, max_length=200, verbose_name="memo")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("by_account_id", models.UUIDField(null=True)),
                ("expires_at", models.DateTimeField(null=True, verbose_name="lapses")),
                (
                    "book",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                    ),
                ),
                (
                    "credit",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "debit",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
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
            name="HoldResolution",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("posted", "posted"), ("released", "released"), ("expired", "lapsed")],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("amount", models.BigIntegerField(default=0, verbose_name="amount")),
                ("resolved_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("by_account_id", models.UUIDField(null=True)),
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
                    "hold",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="ledger.hold",
                    ),
                ),
            ],
            options={
                "verbose_name": "end of a hold",
                "verbose_name_plural": "ends of holds",
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
            name="Period",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("head_no", models.BigIntegerField(verbose_name="last number")),
                ("transfers", models.IntegerField(verbose_name="transfers")),
                ("rows_hash", models.CharField(max_length=90)),
                ("root_hash", models.CharField(max_length=64, verbose_name="root hash")),
                ("sealed_at", models.DateTimeField(default=weiyifang.core.clock.now, verbose_name="sealed")),
                ("by_account_id", models.UUIDField(null=True)),
                (
                    "book",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="ledger.book",
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
            ],
            options={
                "verbose_name": "sealed month",
                "verbose_name_plural": "sealed months",
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
            name="Pool",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("restricted", models.BooleanField(default=False, verbose_name="restricted")),
                ("purpose", models.CharField(blank=True, max_length=200, verbose_name="purpose")),
                ("opened_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "book",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pools",
                        to="ledger.book",
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
            ],
            options={
                "verbose_name": "pool",
                "verbose_name_plural": "pools",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="hold",
            name="pool",
            field=weiyifang.core.tenancy.CommunityForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.pool"
            ),
        ),
        migrations.CreateModel(
            name="ClosingBalance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("debits", models.BigIntegerField(verbose_name="debits")),
                ("credits", models.BigIntegerField(verbose_name="credits")),
                (
                    "account",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
                    "period",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closing_balances",
                        to="ledger.period",
                    ),
                ),
                (
                    "pool",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.pool"
                    ),
                ),
            ],
            options={
                "verbose_name": "closing balance",
                "verbose_name_plural": "closing balances",
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
            name="Balance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("debits", models.BigIntegerField(default=0, verbose_name="debits")),
                ("credits", models.BigIntegerField(default=0, verbose_name="credits")),
                ("held_debits", models.BigIntegerField(default=0, verbose_name="held debits")),
                ("held_credits", models.BigIntegerField(default=0, verbose_name="held credits")),
                ("side", models.CharField(choices=[("debit", "debit"), ("credit", "credit")], max_length=6)),
                ("floored", models.BooleanField()),
                ("closed", models.BooleanField()),
                ("sealed_through", models.DateField(null=True)),
                (
                    "account",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="ledger.account",
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
                    "book",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                    ),
                ),
                (
                    "pool",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="ledger.pool",
                    ),
                ),
            ],
            options={
                "verbose_name": "balance",
                "verbose_name_plural": "balances",
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
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("content_hash", models.CharField(max_length=64)),
                ("memo", models.CharField(blank=True, max_length=200, verbose_name="memo")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("by_account_id", models.UUIDField(null=True)),
                ("effective_on", models.DateField(verbose_name="date")),
                ("party", models.CharField(blank=True, max_length=120, verbose_name="with")),
                ("journal", models.UUIDField(null=True)),
                (
                    "book",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                    ),
                ),
                (
                    "credit",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "debit",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "hold",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="ledger.hold",
                    ),
                ),
                (
                    "pool",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.pool"
                    ),
                ),
                (
                    "reverses",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="ledger.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer",
                "verbose_name_plural": "transfers",
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
            name="Seal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seal_no", models.BigIntegerField(verbose_name="number")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
                (
                    "book",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
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
                    "transfer",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seals",
                        to="ledger.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "seal",
                "verbose_name_plural": "seals",
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
            model_name="book",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_book_home"),
        ),
        migrations.AddConstraint(
            model_name="book",
            constraint=models.UniqueConstraint(fields=("community", "code"), name="ledger_book_code"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("party", ""), _negated=True),
                fields=["community", "party"],
                name="ledger_account_party",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_account_home"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book"),
                name="ledger_account_book_fk",
                to="ledger.Book",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("community", "book", "code"), name="ledger_account_code"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["debit", "credit"])), name="ledger_account_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="holdresolution",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_holdresolution_home"),
        ),
        migrations.AddConstraint(
            model_name="holdresolution",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "hold"),
                name="ledger_holdresolution_hold_fk",
                to="ledger.Hold",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="holdresolution",
            constraint=models.UniqueConstraint(fields=("community", "hold"), name="ledger_hold_resolves_once"),
        ),
        migrations.AddConstraint(
            model_name="holdresolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("outcome", "posted")),
                    models.Q(("amount", 0), ("outcome__in", ["released", "expired"])),
                    _connector="OR",
                ),
                name="ledger_hold_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_period_home"),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book"),
                name="ledger_period_book_fk",
                to="ledger.Book",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(fields=("community", "book", "month"), name="ledger_period_month"),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="ledger_period_first_day"),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_pool_home"),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book"),
                name="ledger_pool_book_fk",
                to="ledger.Book",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.UniqueConstraint(fields=("community", "book", "code"), name="ledger_pool_code"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["community", "expires_at"], name="ledger_hold_expiry"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_hold_home"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "debit", "pool"),
                name="ledger_hold_debit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "credit", "pool"),
                name="ledger_hold_credit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(fields=("community", "book", "source"), name="ledger_hold_source"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="ledger_hold_amount"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("debit", models.F("credit")), _negated=True), name="ledger_hold_two_accounts"
            ),
        ),
        migrations.AddConstraint(
            model_name="closingbalance",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_closingbalance_home"),
        ),
        migrations.AddConstraint(
            model_name="closingbalance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "period"),
                name="ledger_closingbalance_period_fk",
                to="ledger.Period",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="closingbalance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "account"),
                name="ledger_closingbalance_account_fk",
                to="ledger.Account",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="closingbalance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "pool"),
                name="ledger_closingbalance_pool_fk",
                to="ledger.Pool",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="closingbalance",
            constraint=models.UniqueConstraint(
                fields=("community", "period", "account", "pool"), name="ledger_closing_balance"
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_balance_home"),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book"),
                name="ledger_balance_book_fk",
                to="ledger.Book",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "account"),
                name="ledger_balance_account_fk",
                to="ledger.Account",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "pool"),
                name="ledger_balance_pool_fk",
                to="ledger.Pool",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.UniqueConstraint(fields=("community", "account", "pool"), name="ledger_balance_pair"),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.UniqueConstraint(
                fields=("community", "book", "account", "pool"), name="ledger_balance_of_movement"
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("floored", False),
                    models.Q(
                        (
                            "debits__gte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("credits"), "+", models.F("held_credits")
                            ),
                        ),
                        ("side", "debit"),
                    ),
                    models.Q(
                        (
                            "credits__gte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("debits"), "+", models.F("held_debits")
                            ),
                        ),
                        ("side", "credit"),
                    ),
                    _connector="OR",
                ),
                name="ledger_balance_floor",
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("credits__gte", 0), ("debits__gte", 0), ("held_credits__gte", 0), ("held_debits__gte", 0)
                ),
                name="ledger_balance_totals",
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["community", "book", "effective_on"], name="ledger_transfer_book"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["community", "pool", "effective_on"], name="ledger_transfer_pool"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["community", "debit", "effective_on"], name="ledger_transfer_debit"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["community", "credit", "effective_on"], name="ledger_transfer_credit"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("reverses__isnull", False)),
                fields=["community", "reverses"],
                name="ledger_transfer_reverses",
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("journal__isnull", False)),
                fields=["community", "journal"],
                name="ledger_transfer_journal",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_transfer_home"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "reverses"),
                name="ledger_transfer_reverses_fk",
                to="ledger.Transfer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "hold"),
                name="ledger_transfer_hold_fk",
                to="ledger.Hold",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "debit", "pool"),
                name="ledger_transfer_debit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book", "credit", "pool"),
                name="ledger_transfer_credit_fk",
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(fields=("community", "book", "source"), name="ledger_transfer_source"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("hold__isnull", False)),
                fields=("community", "hold"),
                name="ledger_transfer_hold_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="ledger_transfer_amount"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("debit", models.F("credit")), _negated=True), name="ledger_transfer_two_accounts"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="ledger_seal_home"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "book"),
                name="ledger_seal_book_fk",
                to="ledger.Book",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "transfer"),
                name="ledger_seal_transfer_fk",
                to="ledger.Transfer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("community", "book", "seal_no"), name="ledger_seal_number"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("community", "transfer"), name="ledger_seal_once"),
        ),
    ]
