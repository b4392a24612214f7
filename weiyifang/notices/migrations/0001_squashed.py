import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("notices", "0001_initial"),
        ("notices", "0002_open_notices_about"),
        ("notices", "0003_a_way_that_closed"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=120)),
                ("values", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("until", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("routed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
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
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.resident"
                    ),
                ),
                (
                    "whose",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.resident"
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
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
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[("sms", "text message"), ("phone", "phone call"), ("door", "at the door")],
                        max_length=5,
                        verbose_name="route",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "to do"),
                            ("sent", "sent"),
                            ("told", "told"),
                            ("failed", "not reached"),
                            ("dropped", "no longer needed"),
                        ],
                        default="due",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("tries", models.SmallIntegerField(default=0)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_answer", "nobody answered"),
                            ("wrong_number", "the number is not theirs"),
                            ("gateway", "the gateway did not take it"),
                            ("quota", "the day's text messages are used up"),
                            ("closed", "this way is no longer open to them"),
                            ("too_late", "it was too late to tell it"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
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
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "notice",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="notices.notice"
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
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
            model_name="notice",
            index=models.Index(fields=["community", "resident", "-id"], name="notice_to_resident"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["community", "account", "-id"], name="notice_to_account"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["community", "resident"], name="notice_new_to_resident"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["community", "account"], name="notice_new_to_account"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("routed_at", None)), fields=["community", "id"], name="notice_to_route"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["community", "about"], name="notice_open_about"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="notices_notice_home"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="notices_notice_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "whose"),
                name="notices_notice_whose_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account", None), ("resident__isnull", False)),
                    models.Q(("account__isnull", False), ("resident", None)),
                    _connector="OR",
                ),
                name="notice_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), ("read_at__isnull", False), _connector="OR"),
                name="notice_done_is_read",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "due")), fields=["community", "route", "due_at"], name="delivery_due"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["community", "route", "done_at"], name="delivery_done"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="notices_delivery_home"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "notice"),
                name="notices_delivery_notice_fk",
                to="notices.Notice",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("community", "notice", "route"), name="delivery_once_by_each_route"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(condition=models.Q(("tries__gte", 0)), name="delivery_tries"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("state", "due")),
                    models.Q(models.Q(("state", "due"), _negated=True), ("done_at__isnull", False)),
                    _connector="OR",
                ),
                name="delivery_done_at",
            ),
        ),
    ]
