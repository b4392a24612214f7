import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.facts
import weiyifang.core.ids
import weiyifang.core.tenancy


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("fund", "0001_initial"),
        ("fund", "0002_salts"),
        ("fund", "0003_money_can_move"),
        ("fund", "0004_one_length"),
        ("fund", "0005_files_of_payments"),
        ("fund", "0006_approved_until"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("title", models.CharField(max_length=80, verbose_name="what for")),
                ("payee", models.CharField(max_length=80, verbose_name="to whom")),
                ("category", models.CharField(max_length=20, verbose_name="category")),
                ("pool", models.CharField(default="general", max_length=20, verbose_name="from which money")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                ("papers", models.CharField(blank=True, max_length=200, verbose_name="invoices and other papers")),
                ("files_changed", models.SmallIntegerField(default=0, verbose_name="files added and taken away")),
                ("slip", models.CharField(blank=True, max_length=60, verbose_name="bank receipt no.")),
                ("organization", models.CharField(blank=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being written"),
                            ("submitted", "waits for approval"),
                            ("approved", "approved, to be paid"),
                            ("paid", "paid"),
                            ("sent_back", "sent back"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "approval lapsed"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_until", models.DateTimeField(null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "method",
                    models.CharField(
                        choices=[("bank", "bank transfer"), ("wechat", "WeChat"), ("cash", "cash")],
                        default="bank",
                        max_length=6,
                        verbose_name="paid out of",
                    ),
                ),
                ("hold_id", models.UUIDField(null=True)),
                ("approvals", models.SmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "salt",
                    models.CharField(blank=True, default=weiyifang.core.facts.new_salt, editable=False, max_length=32),
                ),
                (
                    "approved_by",
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
                    "paid_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "payment request",
                "verbose_name_plural": "payment requests",
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
            name="PaymentCorrection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                ("happened_on", models.DateField(verbose_name="day")),
                ("booked_on", models.DateField(null=True)),
                ("slip", models.CharField(blank=True, max_length=60, verbose_name="bank receipt no.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for a second person"),
                            ("booked", "confirmed and booked"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="asked",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="why not")),
                (
                    "kind",
                    models.CharField(
                        choices=[("refund", "money came back from who was paid"), ("mistake", "it was booked wrongly")],
                        max_length=8,
                        verbose_name="what happened",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="fund.paymentrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction of a payment",
                "verbose_name_plural": "corrections of payments",
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
            name="StatedBalance",
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
                ("stated_on", models.DateField(verbose_name="at the end of")),
                ("stated_fen", models.BigIntegerField(verbose_name="they say")),
                ("booked_fen", models.BigIntegerField(verbose_name="in the books")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="where the difference comes from")),
                ("entered_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "stated balance",
                "verbose_name_plural": "stated balances",
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
            name="Donation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("pool", models.CharField(default="general", max_length=20, verbose_name="purpose")),
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
                ("donor_name", models.CharField(blank=True, max_length=60, verbose_name="who gave it")),
                ("is_named", models.BooleanField(default=False, verbose_name="show the name in public")),
                ("organization", models.CharField(blank=True, max_length=120)),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="what for")),
                ("received_on", models.DateField(verbose_name="received on")),
                ("booked_on", models.DateField(null=True)),
                ("source", models.CharField(max_length=120)),
                ("reversed_at", models.DateTimeField(null=True)),
                ("reversed_because", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "salt",
                    models.CharField(blank=True, default=weiyifang.core.facts.new_salt, editable=False, max_length=32),
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
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.resident",
                    ),
                ),
            ],
            options={
                "verbose_name": "donation",
                "verbose_name_plural": "donations",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["community", "received_on"], name="donation_day"),
                    models.Index(fields=["community", "resident"], name="donation_resident"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="fund_donation_home"),
                    weiyifang.core.composite.CompositeForeignKey(
                        fields=("community", "resident"),
                        name="fund_donation_resident_fk",
                        to="people.Resident",
                        to_fields=("community", "id"),
                    ),
                    models.UniqueConstraint(fields=("community", "number"), name="donation_number"),
                    models.UniqueConstraint(fields=("community", "source"), name="donation_source"),
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="donation_positive"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="MoneyMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                ("happened_on", models.DateField(verbose_name="day")),
                ("booked_on", models.DateField(null=True)),
                ("slip", models.CharField(blank=True, max_length=60, verbose_name="bank receipt no.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for a second person"),
                            ("booked", "confirmed and booked"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="asked",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="why not")),
                (
                    "from_method",
                    models.CharField(
                        choices=[("bank", "bank transfer"), ("wechat", "WeChat"), ("cash", "cash")],
                        max_length=6,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_method",
                    models.CharField(
                        choices=[("bank", "bank transfer"), ("wechat", "WeChat"), ("cash", "cash")],
                        max_length=6,
                        verbose_name="to",
                    ),
                ),
                ("pool", models.CharField(default="general", max_length=20, verbose_name="purpose")),
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "move of money",
                "verbose_name_plural": "moves of money",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["community", "state", "asked_at"], name="moneymove_state_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="fund_moneymove_home"),
                    models.UniqueConstraint(fields=("community", "number"), name="moneymove_number"),
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="moneymove_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "booked", "refused", "withdrawn"])),
                        name="moneymove_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("asked_by")), _negated=True),
                        name="moneymove_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "booked"), _negated=True),
                            models.Q(
                                ("asked_by__isnull", False), ("booked_on__isnull", False), ("decided_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="moneymove_booked_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_method", models.F("to_method")), _negated=True),
                        name="moneymove_two_places",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="paymentrequest",
            index=models.Index(fields=["community", "state", "made_at"], name="payment_state_at"),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="fund_paymentrequest_home"),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="payment_number"),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="payment_positive"),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["draft", "submitted", "approved", "paid", "sent_back", "refused", "withdrawn", "lapsed"],
                    )
                ),
                name="payment_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                name="payment_approver_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("paid_by", models.F("approved_by")), _negated=True),
                name="payment_payer_is_not_approver",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("paid_by", models.F("submitted_by")), _negated=True),
                name="payment_payer_is_not_submitter",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("hold_id__isnull", False),
                        ("paid_by__isnull", False),
                        ("submitted_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="payment_paid_by_three",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentcorrection",
            index=models.Index(fields=["community", "state", "asked_at"], name="paymentcorrection_state_at"),
        ),
        migrations.AddConstraint(
            model_name="paymentcorrection",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="fund_paymentcorrection_home"),
        ),
        migrations.AddConstraint(
            model_name="paymentcorrection",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "payment"),
                name="fund_paymentcorrection_payment_fk",
                to="fund.PaymentRequest",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentcorrection",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="paymentcorrection_number"),
        ),
        migrations.AddConstraint(
            model_name="paymentcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)), name="paymentcorrection_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "booked", "refused", "withdrawn"])),
                name="paymentcorrection_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("asked_by")), _negated=True),
                name="paymentcorrection_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "booked"), _negated=True),
                    models.Q(("asked_by__isnull", False), ("booked_on__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="paymentcorrection_booked_by_two",
            ),
        ),
        migrations.AddIndex(
            model_name="statedbalance",
            index=models.Index(fields=["community", "method", "stated_on"], name="statedbalance_day"),
        ),
        migrations.AddConstraint(
            model_name="statedbalance",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="fund_statedbalance_home"),
        ),
        migrations.AddConstraint(
            model_name="statedbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(("stated_fen__gte", 0)), name="statedbalance_not_negative"
            ),
        ),
    ]
