import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy
import weiyifang.people.roles
import weiyifang.people.secrets


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_account_proof"),
        ("people", "0003_invitations"),
        ("people", "0004_claims"),
        ("people", "0005_limits"),
        ("people", "0006_typed_forms"),
        ("people", "0007_two_people_forget"),
        ("people", "0008_who_acts"),
        ("people", "0009_one_length"),
        ("people", "0010_names"),
        ("people", "0011_roles_are_asked_for"),
        ("people", "0012_draft_rows"),
        ("people", "0013_birth_months"),
        ("people", "0014_volunteering"),
        ("people", "0015_talents"),
        ("people", "0016_suggestions"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("username", models.CharField(max_length=40, verbose_name="sign-in name")),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
                ("phone", weiyifang.people.secrets.SealedField(blank=True, default="", verbose_name="phone")),
                ("phone_key", models.CharField(blank=True, max_length=43, null=True)),
                ("phone_verified", models.BooleanField(default=False)),
                ("phone_proved_at", models.DateTimeField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("session_round", models.SmallIntegerField(default=0)),
                ("look", models.CharField(blank=True, default="", max_length=12)),
                ("invitation", models.CharField(blank=True, default="", max_length=64)),
                ("invitation_until", models.DateTimeField(blank=True, null=True)),
                ("invitation_tries", models.SmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "constraints": [
                    models.UniqueConstraint(fields=("username",), name="account_username"),
                    models.UniqueConstraint(fields=("phone_key",), name="account_phone"),
                    models.CheckConstraint(
                        condition=models.Q(("phone_verified", False), ("phone_key__isnull", False), _connector="OR"),
                        name="account_proved_has_phone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("register", "keeping me on the community's register"),
                            ("messages", "messages about what I enrolled in"),
                            ("photos", "photographs of me in the community's news"),
                            ("volunteering", "helping as a volunteer"),
                            ("talents", "being found for what I can do"),
                            ("sensitive", "health and identity details, where a service needs them"),
                        ],
                        max_length=12,
                    ),
                ),
                ("version", models.IntegerField()),
                ("text", models.TextField(max_length=4000, verbose_name="the words")),
                ("from_day", models.DateField(default=weiyifang.core.clock.today)),
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
            name="Duty",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(choices=weiyifang.people.roles.role_choices, max_length=20, verbose_name="role"),
                ),
                ("scope", models.CharField(blank=True, default="", max_length=120)),
                ("since", models.DateField(default=weiyifang.core.clock.today)),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
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
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
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
            name="Household",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("compound", models.CharField(max_length=40, verbose_name="compound")),
                ("building", models.CharField(max_length=20, verbose_name="building")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="unit")),
                ("door", models.CharField(max_length=20, verbose_name="door")),
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
                "verbose_name": "household",
                "verbose_name_plural": "households",
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
            name="ImportDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="name of the file")),
                ("content", models.BinaryField()),
                ("people", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("done_at", models.DateTimeField(null=True)),
                ("residents_made", models.IntegerField(default=0)),
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
            name="Resident",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("f", "female"), ("m", "male"), ("", "not said")],
                        default="",
                        max_length=1,
                        verbose_name="gender",
                    ),
                ),
                ("born_on", models.DateField(blank=True, null=True, verbose_name="born on")),
                (
                    "born_month_only",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="only the month of birth is known"
                    ),
                ),
                ("phone", weiyifang.people.secrets.SealedField(blank=True, default="", verbose_name="phone")),
                ("phone_key", models.CharField(blank=True, default="", max_length=43)),
                (
                    "id_number",
                    weiyifang.people.secrets.SealedField(blank=True, default="", verbose_name="identity number"),
                ),
                ("id_number_key", models.CharField(blank=True, default="", max_length=43)),
                ("claims_failed", models.SmallIntegerField(default=0)),
                (
                    "wants_suggestions",
                    models.BooleanField(db_default=True, default=True, verbose_name="activities are suggested"),
                ),
                (
                    "joined_on",
                    models.DateField(default=weiyifang.core.clock.today, verbose_name="on the register since"),
                ),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
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
                    "household",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residents",
                        to="people.household",
                    ),
                ),
            ],
            options={
                "verbose_name": "resident",
                "verbose_name_plural": "residents",
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
            name="Relation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("guardian", "guardian"),
                            ("appointed", "guardian of a grown-up"),
                            ("proxy", "proxy"),
                            ("family", "family"),
                            ("contact", "emergency contact"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("since", models.DateField(default=weiyifang.core.clock.today)),
                ("until", models.DateField(blank=True, null=True)),
                ("ended_by_leaving_of", models.UUIDField(null=True)),
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
                    "helper",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helps", to="people.resident"
                    ),
                ),
                (
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helped_by", to="people.resident"
                    ),
                ),
            ],
            options={
                "verbose_name": "relation",
                "verbose_name_plural": "relations",
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
            name="ErasureRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("wish", "the person's own wish, on their page"),
                            ("desk", "the person asked at the desk"),
                            ("writing", "the person asked in writing"),
                            ("died", "the person died, and the family asks for it"),
                            ("twice", "the record is there twice, or was made by mistake"),
                            ("authority", "a court or an authority orders it"),
                        ],
                        default="wish",
                        max_length=12,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                (
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure_requests",
                        to="people.resident",
                    ),
                ),
            ],
            options={
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
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="people.consenttext"
                    ),
                ),
                (
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="people.resident"
                    ),
                ),
            ],
            options={
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
            name="SensitiveRead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("fields_read", models.CharField(max_length=80)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("call", "to call the person about something they take part in"),
                            ("emergency", "an emergency"),
                            ("asked", "the person asked for it"),
                            ("correct", "to put the record right"),
                            ("service", "a service needs it (meals, care, insurance)"),
                            ("authority", "an authority asks for it by law"),
                            ("export", "a list for the committee's work"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sensitive_reads",
                        to="people.resident",
                    ),
                ),
            ],
            options={
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
            name="SentCode",
            fields=[
                ("key", models.CharField(max_length=44, primary_key=True, serialize=False)),
                ("tries", models.SmallIntegerField()),
                ("until", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["until"], name="sent_code_until")],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=44, primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("until", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["until"], name="tally_until")],
            },
        ),
        migrations.CreateModel(
            name="TypedForm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=400)),
                ("body", weiyifang.people.secrets.SealedField(default="")),
                ("at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
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
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_consenttext_home"),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("community", "purpose", "version"), name="consent_text_version"),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="consent_text_from_one"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_duty_home"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("community", "account", "role", "scope"), name="duty_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_household_home"),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(
                fields=("community", "compound", "building", "unit", "door"), name="household_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="importdraft",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_importdraft_home"),
        ),
        migrations.AddConstraint(
            model_name="importdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), ("content", b""), _connector="OR"),
                name="import_draft_leaves_nothing",
            ),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["community", "name"], name="resident_name"),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["community", "phone_key"], name="resident_phone"),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["community", "household"], name="resident_household"),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_resident_home"),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "household"),
                name="people_resident_household_fk",
                to="people.Household",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="resident_number"),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(
                condition=models.Q(("id_number_key", ""), _negated=True),
                fields=("community", "id_number_key"),
                name="resident_id_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(
                condition=models.Q(("account__isnull", False)), fields=("community", "account"), name="resident_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.CheckConstraint(
                condition=models.Q(("born_month_only", False), ("born_on__day", 1), _connector="OR"),
                name="resident_born_in_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_relation_home"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="people_relation_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "helper"),
                name="people_relation_helper_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("community", "resident", "helper", "kind"),
                name="relation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("resident", models.F("helper")), _negated=True), name="relation_two_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_erasurerequest_home"),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="people_erasurerequest_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None), ("taken_back_at", None)),
                fields=("community", "resident"),
                name="erasure_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_back_at", None), ("done_at", None), _connector="OR"), name="erasure_one_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="erasure_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at", None), ("confirmed_by", None), ("due_at__isnull", False), ("reason", "wish")
                    ),
                    models.Q(
                        models.Q(("reason", "wish"), _negated=True),
                        models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None), ("due_at", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("due_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="erasure_due_when_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), ("due_at__isnull", False), _connector="OR"),
                name="erasure_done_when_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_consent_home"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="people_consent_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "text"),
                name="people_consent_text_fk",
                to="people.ConsentText",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("community", "resident", "text"),
                name="consent_once",
            ),
        ),
        migrations.AddIndex(
            model_name="sensitiveread",
            index=models.Index(fields=["community", "resident", "at"], name="sensitive_read_of"),
        ),
        migrations.AddConstraint(
            model_name="sensitiveread",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_sensitiveread_home"),
        ),
        migrations.AddConstraint(
            model_name="sensitiveread",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="people_sensitiveread_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="typedform",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="people_typedform_home"),
        ),
        migrations.AddConstraint(
            model_name="typedform",
            constraint=models.UniqueConstraint(fields=("community", "account"), name="typed_form_once"),
        ),
    ]
