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
        ("organizations", "0001_initial"),
        ("organizations", "0002_one_length"),
        ("organizations", "0003_pictures"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("applied", "applied for"),
                            ("filed", "filed"),
                            ("registered", "registered"),
                            ("dissolved", "dissolved"),
                        ],
                        default="applied",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("purpose", models.TextField(max_length=600, verbose_name="what it does")),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="founded on")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="telephone")),
                ("pearl", models.CharField(max_length=1, verbose_name="one character on its pearl")),
                ("pictures", models.JSONField(blank=True, default=list, verbose_name="pictures")),
                ("applied_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("filed_on", models.DateField(blank=True, null=True, verbose_name="filed on")),
                ("filing_no", models.CharField(blank=True, max_length=40, verbose_name="filing number")),
                ("registered_on", models.DateField(blank=True, null=True, verbose_name="registered on")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="unified social credit code")),
                ("dissolved_on", models.DateField(blank=True, null=True, verbose_name="dissolved on")),
                ("dissolved_why", models.CharField(blank=True, max_length=200, verbose_name="why it was dissolved")),
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
                    "leader",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.resident",
                        verbose_name="leader",
                    ),
                ),
            ],
            options={
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
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
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=20, verbose_name="task in it")),
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
                (
                    "organization",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
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
            name="JoinRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=200, verbose_name="what you would like to tell them"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waiting for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "taken back"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="answer")),
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
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
                (
                    "organization",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to join",
                "verbose_name_plural": "requests to join",
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
            model_name="organization",
            index=models.Index(fields=["community", "status", "kind"], name="organization_kind"),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="organizations_organization_home"),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "leader"),
                name="organizations_organization_leader_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="organization_number"),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "dissolved"), _negated=True),
                fields=("community", "name"),
                name="organization_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["applied", "filed", "registered", "dissolved"])),
                name="organization_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("filed", "registered")), _negated=True),
                    ("filed_on__isnull", False),
                    _connector="OR",
                ),
                name="organization_filed_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "registered"), _negated=True),
                    models.Q(("registered_on__isnull", False), models.Q(("credit_code", ""), _negated=True)),
                    _connector="OR",
                ),
                name="organization_registered_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "dissolved"), _negated=True),
                    models.Q(("dissolved_on__isnull", False), models.Q(("dissolved_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="organization_dissolved_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("pearl", ""), _negated=True)),
                name="organization_has_a_name",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["community", "resident"], name="membership_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="organizations_membership_home"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "organization"),
                name="organizations_membership_organization_fk",
                to="organizations.Organization",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="organizations_membership_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("community", "organization", "resident"),
                name="membership_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="membership_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="joinrequest",
            index=models.Index(fields=["community", "organization", "state"], name="join_request_waiting"),
        ),
        migrations.AddIndex(
            model_name="joinrequest",
            index=models.Index(fields=["community", "resident"], name="join_request_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="organizations_joinrequest_home"),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "organization"),
                name="organizations_joinrequest_organization_fk",
                to="organizations.Organization",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="organizations_joinrequest_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("community", "organization", "resident"),
                name="join_request_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "accepted", "declined", "withdrawn"])),
                name="join_request_state_known",
            ),
        ),
    ]
