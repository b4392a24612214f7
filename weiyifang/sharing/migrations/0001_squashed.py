import datetime

import django.db.models.deletion
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
        ("sharing", "0001_initial"),
        ("sharing", "0002_handing_over"),
        ("sharing", "0003_booking_sequence"),
        ("sharing", "0004_rounds"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("name", models.CharField(max_length=60, verbose_name="what it is called")),
                ("key", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("room", "room"), ("equipment", "equipment"), ("instrument", "instrument")],
                        default="room",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("owner", models.CharField(blank=True, max_length=120, verbose_name="whose it is")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="where it is")),
                ("about", models.TextField(blank=True, max_length=2000, verbose_name="what it is")),
                ("conditions", models.TextField(blank=True, max_length=2000, verbose_name="what to mind")),
                ("seats", models.SmallIntegerField(default=0, verbose_name="for how many people")),
                ("pieces", models.SmallIntegerField(default=1, verbose_name="how many pieces")),
                ("missing", models.SmallIntegerField(default=0, verbose_name="missing")),
                ("weekdays", models.CharField(default="1234567", max_length=7, verbose_name="open on")),
                ("opens", models.TimeField(default=datetime.time(8, 0), verbose_name="opens")),
                ("closes", models.TimeField(default=datetime.time(21, 0), verbose_name="closes")),
                ("buffer_before", models.SmallIntegerField(default=0, verbose_name="minutes before")),
                ("buffer_after", models.SmallIntegerField(default=0, verbose_name="minutes after")),
                (
                    "borrowers",
                    models.CharField(
                        choices=[("groups", "organizations"), ("everyone", "organizations and residents")],
                        default="groups",
                        max_length=10,
                        verbose_name="who may book it",
                    ),
                ),
                ("needs_approval", models.BooleanField(default=False, verbose_name="somebody says yes first")),
                ("pictures", models.JSONField(blank=True, default=list, verbose_name="pictures")),
                (
                    "state",
                    models.CharField(
                        choices=[("lent", "to be borrowed"), ("retired", "lent no more")], default="lent", max_length=10
                    ),
                ),
                ("added_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "whole",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="sharing.resource",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "thing to borrow",
                "verbose_name_plural": "things to borrow",
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
            name="Closure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "resource",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="sharing.resource"
                    ),
                ),
            ],
            options={
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
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
            name="Booking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization", models.CharField(blank=True, max_length=120, verbose_name="for which organization")),
                ("purpose", models.CharField(blank=True, max_length=80, verbose_name="what for")),
                ("pieces", models.SmallIntegerField(default=1, verbose_name="how many pieces")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("series", models.UUIDField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waits for a yes"),
                            ("booked", "booked"),
                            ("refused", "not this time"),
                            ("cancelled", "called off"),
                            ("lapsed", "nobody answered in time"),
                            ("out", "handed over"),
                            ("back", "given back"),
                        ],
                        default="booked",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("sequence", models.IntegerField(db_default=0, default=0)),
                ("told_overdue_at", models.DateTimeField(null=True)),
                ("asked_by_id", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "resource",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="sharing.resource"
                    ),
                ),
            ],
            options={
                "verbose_name": "booking",
                "verbose_name_plural": "bookings",
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
            name="Round",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("title", models.CharField(max_length=60, verbose_name="for which season")),
                ("about", models.TextField(blank=True, max_length=2000, verbose_name="what to know")),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("closes_at", models.DateTimeField(verbose_name="applications until")),
                ("commitment", models.CharField(max_length=64)),
                ("seed", weiyifang.people.secrets.SealedField()),
                ("sheet", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "takes applications"),
                            ("shared", "shared out, not booked yet"),
                            ("booked", "shared out and booked"),
                            ("off", "called off"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("opened_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("shared_at", models.DateTimeField(null=True)),
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
                "verbose_name": "round of a season",
                "verbose_name_plural": "rounds of a season",
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
            name="Application",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization", models.CharField(max_length=120, verbose_name="for which organization")),
                ("ticket", models.IntegerField(verbose_name="ticket")),
                ("purpose", models.CharField(max_length=80, verbose_name="what for")),
                ("slots", models.SmallIntegerField(default=1, verbose_name="slots a week, at most")),
                ("asked_by_id", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
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
                    "round",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="applications", to="sharing.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "application for slots",
                "verbose_name_plural": "applications for slots",
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
            name="RoundThing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
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
                    "resource",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.resource"
                    ),
                ),
                (
                    "round",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="things", to="sharing.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "thing of a round",
                "verbose_name_plural": "things of a round",
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
            name="Slot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("turn", models.SmallIntegerField()),
                ("rank", models.SmallIntegerField()),
                ("weekday", models.SmallIntegerField()),
                ("begins", models.TimeField()),
                ("ends", models.TimeField()),
                ("objection", models.CharField(blank=True, max_length=200, verbose_name="objection")),
                ("series", models.UUIDField(null=True)),
                (
                    "application",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="given", to="sharing.application"
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
                    "resource",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.resource"
                    ),
                ),
                (
                    "round",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="sharing.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "slot of a round",
                "verbose_name_plural": "slots of a round",
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
            name="Wish",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rank", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("room", "room"), ("equipment", "equipment"), ("instrument", "instrument")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("weekday", models.SmallIntegerField()),
                ("begins", models.TimeField()),
                ("ends", models.TimeField()),
                (
                    "application",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wishes", to="sharing.application"
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
                    "resource",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.resource"
                    ),
                ),
            ],
            options={
                "verbose_name": "wish for a slot",
                "verbose_name_plural": "wishes for slots",
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
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_back", models.BooleanField(default=False)),
                ("pieces", models.SmallIntegerField(default=1, verbose_name="how many pieces")),
                ("missing", models.SmallIntegerField(default=0, verbose_name="missing")),
                (
                    "condition",
                    models.CharField(
                        choices=[("good", "as it should be"), ("worn", "used, and still good"), ("broken", "damaged")],
                        default="good",
                        max_length=10,
                        verbose_name="how it is",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what was noted")),
                ("pictures", models.JSONField(blank=True, default=list, verbose_name="pictures")),
                ("at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("noted_by_id", models.UUIDField(null=True)),
                (
                    "booking",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="sharing.booking"
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
                "verbose_name": "handing over",
                "verbose_name_plural": "handings over",
                "abstract": False,
                "base_manager_name": "at_home",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("community", "id"), name="sharing_handover_home"),
                    weiyifang.core.composite.CompositeForeignKey(
                        fields=("community", "booking"),
                        name="sharing_handover_booking_fk",
                        to="sharing.Booking",
                        to_fields=("community", "id"),
                    ),
                    models.UniqueConstraint(fields=("community", "booking", "is_back"), name="handover_once"),
                    models.CheckConstraint(
                        condition=models.Q(("condition__in", ["good", "worn", "broken"])),
                        name="handover_condition_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("missing__gte", 0), ("pieces__gte", 0)), name="handover_numbers"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("missing", 0), ("is_back", True), _connector="OR"),
                        name="handover_missing_when_back",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("at_home", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["community", "state", "kind"], name="resource_state_kind"),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_resource_home"),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "whole"),
                name="sharing_resource_whole_fk",
                to="sharing.Resource",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="resource_number"),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(fields=("community", "key"), name="resource_once"),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["room", "equipment", "instrument"])), name="resource_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["lent", "retired"])), name="resource_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("borrowers__in", ["groups", "everyone"])), name="resource_borrowers_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("pieces", 1), models.Q(("kind", "equipment"), ("pieces__gt", 1)), _connector="OR"),
                name="resource_stock_of_equipment",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("whole", None), ("kind", "room"), _connector="OR"), name="resource_parts_are_rooms"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens__lt", models.F("closes"))), name="resource_opens_before_it_closes"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("missing__gte", 0), ("missing__lte", models.F("pieces"))), name="resource_missing"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("buffer_after__gte", 0), ("buffer_before__gte", 0), ("seats__gte", 0)),
                name="resource_numbers",
            ),
        ),
        migrations.AddIndex(
            model_name="closure",
            index=models.Index(fields=["community", "resource", "starts_at"], name="closure_of_resource"),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_closure_home"),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resource"),
                name="sharing_closure_resource_fk",
                to="sharing.Resource",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="closure_ends_after_it_begins"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["community", "resource", "starts_at"], name="booking_of_resource"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["community", "organization", "starts_at"], name="booking_of_organization"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["community", "resident", "starts_at"], name="booking_of_resident"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["community", "starts_at"], name="booking_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state", "out")), fields=["community", "ends_at"], name="booking_out"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("series__isnull", False)), fields=["community", "series"], name="booking_of_series"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_booking_home"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resource"),
                name="sharing_booking_resource_fk",
                to="sharing.Resource",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="sharing_booking_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="booking_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "booked", "refused", "cancelled", "lapsed", "out", "back"])),
                name="booking_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(condition=models.Q(("pieces__gte", 1)), name="booking_of_something"),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(fields=["community", "state", "closes_at"], name="round_state"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_round_home"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="round_number"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "shared", "booked", "off"])), name="round_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_day__lte", models.F("last_day"))), name="round_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "off"),
                    models.Q(("shared_at", None), ("sheet", ""), ("state", "open")),
                    models.Q(
                        ("shared_at__isnull", False),
                        ("state__in", ("shared", "booked")),
                        models.Q(("sheet", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="round_shown_when_shared",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_application_home"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "round"),
                name="sharing_application_round_fk",
                to="sharing.Round",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                fields=("community", "round", "organization"), name="round_application_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                fields=("community", "round", "ticket"), name="round_application_ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("slots__gte", 1), ("slots__lte", 3)), name="round_application_slots"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundthing",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_roundthing_home"),
        ),
        migrations.AddConstraint(
            model_name="roundthing",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "round"),
                name="sharing_roundthing_round_fk",
                to="sharing.Round",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="roundthing",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resource"),
                name="sharing_roundthing_resource_fk",
                to="sharing.Resource",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="roundthing",
            constraint=models.UniqueConstraint(fields=("community", "round", "resource"), name="round_thing_once"),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["community", "round", "turn"], name="round_slot_turns"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_slot_home"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "round"),
                name="sharing_slot_round_fk",
                to="sharing.Round",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "application"),
                name="sharing_slot_application_fk",
                to="sharing.Application",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resource"),
                name="sharing_slot_resource_fk",
                to="sharing.Resource",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("community", "application", "rank"), name="round_slot_once"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("community", "application", "turn"), name="round_slot_turn"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("series", None), ("objection", ""), _connector="OR"), name="round_slot_objection"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="sharing_wish_home"),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "application"),
                name="sharing_wish_application_fk",
                to="sharing.Application",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resource"),
                name="sharing_wish_resource_fk",
                to="sharing.Resource",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(fields=("community", "application", "rank"), name="wish_rank"),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__gte", 1), ("rank__lte", 3)), name="wish_rank_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__gte", 1), ("weekday__lte", 7)), name="wish_weekday"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(("begins__lt", models.F("ends"))), name="wish_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", ""), ("resource__isnull", False)),
                    models.Q(("kind__in", ("room", "instrument")), ("resource", None)),
                    _connector="OR",
                ),
                name="wish_of_something",
            ),
        ),
    ]
