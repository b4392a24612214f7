import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import weiyifang.core.clock
import weiyifang.core.composite
import weiyifang.core.ids
import weiyifang.core.tenancy
import weiyifang.volunteering.models.papers


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("volunteering", "0001_initial"),
        ("volunteering", "0002_shifts"),
        ("volunteering", "0003_hours"),
        ("volunteering", "0004_time_bank"),
        ("volunteering", "0005_series"),
        ("volunteering", "0006_stand_ins"),
        ("volunteering", "0007_help_requests"),
        ("volunteering", "0008_year_papers"),
        ("volunteering", "0009_shift_sequence"),
        ("volunteering", "0010_saved_time"),
        ("volunteering", "0011_gift_to_somebody_else"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("what", models.CharField(max_length=60, verbose_name="what is to be done")),
                ("place", models.CharField(max_length=80, verbose_name="where one meets")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="good to know")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("called_off", "called off")],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("off_why", models.CharField(blank=True, max_length=200, verbose_name="why it was called off")),
                ("planned_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("sequence", models.IntegerField(db_default=0, default=0)),
                ("series", models.UUIDField(blank=True, null=True)),
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
                "verbose_name": "shift",
                "verbose_name_plural": "shifts",
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
            name="Need",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(max_length=40, verbose_name="task")),
                ("wanted", models.SmallIntegerField(verbose_name="how many people")),
                ("taken", models.SmallIntegerField(default=0, verbose_name="how many there are")),
                ("skill", models.CharField(blank=True, max_length=20, verbose_name="should be able to")),
                ("certificate", models.CharField(blank=True, max_length=20, verbose_name="has to have")),
                ("least_age", models.SmallIntegerField(blank=True, null=True, verbose_name="from age")),
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
                    "shift",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="needs", to="volunteering.shift"
                    ),
                ),
            ],
            options={
                "verbose_name": "task of a shift",
                "verbose_name_plural": "tasks of shifts",
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
            name="HelpRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("kind", models.CharField(max_length=20, verbose_name="what for")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="where")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="good to know")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "somebody is sought"),
                            ("taken", "somebody does it"),
                            ("done", "done"),
                            ("withdrawn", "no longer needed"),
                            ("not_found", "nobody was found"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="why nobody was found")),
                (
                    "asked_by",
                    models.ForeignKey(
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
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="help_requests", to="people.resident"
                    ),
                ),
                (
                    "shift",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to="volunteering.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for help",
                "verbose_name_plural": "requests for help",
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
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("purpose", models.TextField(max_length=600, verbose_name="what it does")),
                ("organizer", models.CharField(blank=True, max_length=120, verbose_name="whose team it is")),
                ("takes_members", models.BooleanField(default=True, verbose_name="takes new members")),
                ("begun_on", models.DateField(default=weiyifang.core.clock.today, verbose_name="since")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                ("ended_why", models.CharField(blank=True, max_length=200, verbose_name="why it ended")),
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
                "verbose_name": "service team",
                "verbose_name_plural": "service teams",
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
            model_name="shift",
            name="team",
            field=weiyifang.core.tenancy.CommunityForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="volunteering.team"
            ),
        ),
        migrations.CreateModel(
            name="TimeGift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("minutes", models.IntegerField(verbose_name="minutes")),
                ("is_left", models.BooleanField(default=False, verbose_name="left behind")),
                (
                    "state",
                    models.CharField(
                        choices=[("given", "given"), ("taken_back", "taken back")],
                        default="given",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("given_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("back_at", models.DateTimeField(blank=True, null=True)),
                ("back_why", models.CharField(blank=True, max_length=200, verbose_name="why it was taken back")),
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
                    "giver",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.resident",
                        verbose_name="from",
                    ),
                ),
                (
                    "receiver",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.resident",
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "time given on",
                "verbose_name_plural": "time given on",
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
            name="TimeHeir",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("named_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "giver",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.resident",
                        verbose_name="from",
                    ),
                ),
                (
                    "receiver",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.resident",
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "who is to have saved time",
                "verbose_name_plural": "who is to have saved time",
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
            name="Volunteer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=200, verbose_name="what you can do, in your own words"),
                ),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="what you can do",
                    ),
                ),
                (
                    "times",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="when you have time",
                    ),
                ),
                ("is_named", models.BooleanField(default=False, verbose_name="may be named in public")),
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
            ],
            options={
                "verbose_name": "volunteer",
                "verbose_name_plural": "volunteers",
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
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "taken on"), ("given_back", "given back"), ("called_off", "called off")],
                        default="taken",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("seeks_stand_in", models.BooleanField(default=False, verbose_name="somebody else is sought")),
                ("missed", models.BooleanField(default=False, verbose_name="did not come")),
                ("taken_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
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
                    "need",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="slots", to="volunteering.need"
                    ),
                ),
                (
                    "shift",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="slots", to="volunteering.shift"
                    ),
                ),
                (
                    "swap_for",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="volunteering.slot",
                    ),
                ),
                (
                    "asked",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="volunteering.volunteer",
                    ),
                ),
                (
                    "volunteer",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="slots", to="volunteering.volunteer"
                    ),
                ),
            ],
            options={
                "verbose_name": "place in a shift",
                "verbose_name_plural": "places in shifts",
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
            name="Hours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("came_at", models.DateTimeField(verbose_name="when they came")),
                ("left_at", models.DateTimeField(verbose_name="when they left")),
                ("minutes", models.SmallIntegerField(verbose_name="minutes worked")),
                ("credited", models.SmallIntegerField(verbose_name="minutes credited")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("noted", "waits for another person"),
                            ("approved", "approved"),
                            ("refused", "not counted"),
                            ("taken_back", "taken back"),
                        ],
                        default="noted",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("noted_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("back_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="why it does not count")),
                (
                    "back_by",
                    models.ForeignKey(
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "own_account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "slot",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hours", to="volunteering.slot"
                    ),
                ),
                (
                    "volunteer",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hours", to="volunteering.volunteer"
                    ),
                ),
            ],
            options={
                "verbose_name": "hours of a volunteer",
                "verbose_name_plural": "hours of volunteers",
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
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("valid_until", models.DateField(verbose_name="holds until")),
                ("seen_on", models.DateField(default=weiyifang.core.clock.today, verbose_name="seen on")),
                ("struck_on", models.DateField(blank=True, null=True, verbose_name="struck out on")),
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
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "volunteer",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="volunteering.volunteer",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
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
            name="Belonging",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
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
                    "team",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="belongings", to="volunteering.team"
                    ),
                ),
                (
                    "volunteer",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="belongings",
                        to="volunteering.volunteer",
                    ),
                ),
            ],
            options={
                "verbose_name": "place in a team",
                "verbose_name_plural": "places in teams",
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
            name="YearPaper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("year", models.SmallIntegerField(verbose_name="year")),
                ("minutes", models.IntegerField(verbose_name="minutes worked")),
                (
                    "code",
                    models.CharField(
                        default=weiyifang.volunteering.models.papers.new_code, max_length=22, verbose_name="code"
                    ),
                ),
                ("issued_on", models.DateField(default=weiyifang.core.clock.today, verbose_name="issued on")),
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
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "paper about a year's hours",
                "verbose_name_plural": "papers about a year's hours",
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
            model_name="need",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_need_home"),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "shift"),
                name="volunteering_need_shift_fk",
                to="volunteering.Shift",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.UniqueConstraint(fields=("community", "shift", "role"), name="need_role_once"),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(condition=models.Q(("wanted__gte", 1)), name="need_wants_somebody"),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken__gte", 0), ("taken__lte", models.F("wanted"))), name="need_never_too_many"
            ),
        ),
        migrations.AddIndex(
            model_name="helprequest",
            index=models.Index(fields=["community", "resident", "asked_at"], name="help_of_resident"),
        ),
        migrations.AddIndex(
            model_name="helprequest",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["community", "starts_at"], name="help_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_helprequest_home"),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="volunteering_helprequest_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "shift"),
                name="volunteering_helprequest_shift_fk",
                to="volunteering.Shift",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="help_number"),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.UniqueConstraint(fields=("community", "shift"), name="help_once_for_a_shift"),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="help_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "taken", "done", "withdrawn", "not_found"])),
                name="help_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["taken", "done"]), _negated=True), ("shift__isnull", False), _connector="OR"
                ),
                name="help_taken_has_a_shift",
            ),
        ),
        migrations.AddIndex(
            model_name="team",
            index=models.Index(fields=["community", "leader"], name="team_of_leader"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_team_home"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "leader"),
                name="volunteering_team_leader_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="team_number"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("community", "name"), name="team_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="team_has_a_name"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_on", None), models.Q(("ended_why", ""), _negated=True), _connector="OR"),
                name="team_ended_why",
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["community", "team", "starts_at"], name="shift_of_team"),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["community", "ends_at"], name="shift_to_come"),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(
                condition=models.Q(("series__isnull", False)), fields=["community", "series"], name="shift_of_series"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_shift_home"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "team"),
                name="volunteering_shift_team_fk",
                to="volunteering.Team",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="shift_number"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "called_off"])), name="shift_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "called_off"), _negated=True),
                    models.Q(("off_why", ""), _negated=True),
                    _connector="OR",
                ),
                name="shift_called_off_why",
            ),
        ),
        migrations.AddIndex(
            model_name="timegift",
            index=models.Index(fields=["community", "giver"], name="gift_of_giver"),
        ),
        migrations.AddIndex(
            model_name="timegift",
            index=models.Index(fields=["community", "receiver"], name="gift_of_receiver"),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_timegift_home"),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "giver"),
                name="volunteering_timegift_giver_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "receiver"),
                name="volunteering_timegift_receiver_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="gift_is_some"),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("receiver")), _negated=True), name="gift_to_somebody_else"
            ),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", None), ("receiver", None), _negated=True), name="gift_of_or_to_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_left", False), models.Q(("giver", None), _negated=True), _connector="OR"),
                name="gift_left_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["given", "taken_back"])), name="gift_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="timegift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "given"),
                    models.Q(("back_why", ""), _negated=True),
                    models.Q(("is_left", True), ("receiver", None)),
                    _connector="OR",
                ),
                name="gift_taken_back_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="timeheir",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_timeheir_home"),
        ),
        migrations.AddConstraint(
            model_name="timeheir",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "giver"),
                name="volunteering_timeheir_giver_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="timeheir",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "receiver"),
                name="volunteering_timeheir_receiver_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="timeheir",
            constraint=models.UniqueConstraint(fields=("community", "giver"), name="heir_one_each"),
        ),
        migrations.AddConstraint(
            model_name="timeheir",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("receiver")), _negated=True), name="heir_is_somebody_else"
            ),
        ),
        migrations.AddIndex(
            model_name="volunteer",
            index=models.Index(fields=["community", "resident"], name="volunteer_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_volunteer_home"),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="volunteering_volunteer_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("community", "resident"), name="volunteer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="volunteer",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="volunteer_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["community", "volunteer", "state"], name="slot_of_volunteer"),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["community", "need"], name="slot_of_need"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_slot_home"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "need"),
                name="volunteering_slot_need_fk",
                to="volunteering.Need",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "shift"),
                name="volunteering_slot_shift_fk",
                to="volunteering.Shift",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "volunteer"),
                name="volunteering_slot_volunteer_fk",
                to="volunteering.Volunteer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "asked"),
                name="volunteering_slot_asked_fk",
                to="volunteering.Volunteer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "swap_for"),
                name="volunteering_slot_swap_for_fk",
                to="volunteering.Slot",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "taken")), fields=("community", "shift", "volunteer"), name="slot_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["taken", "given_back", "called_off"])), name="slot_state_known"
            ),
        ),
        migrations.AddIndex(
            model_name="hours",
            index=models.Index(fields=["community", "volunteer", "came_at"], name="hours_of_volunteer"),
        ),
        migrations.AddIndex(
            model_name="hours",
            index=models.Index(fields=["community", "slot"], name="hours_of_slot"),
        ),
        migrations.AddIndex(
            model_name="hours",
            index=models.Index(
                condition=models.Q(("state", "noted")), fields=["community", "noted_at"], name="hours_to_approve"
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_hours_home"),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "slot"),
                name="volunteering_hours_slot_fk",
                to="volunteering.Slot",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "volunteer"),
                name="volunteering_hours_volunteer_fk",
                to="volunteering.Volunteer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("noted", "approved"))),
                fields=("community", "slot"),
                name="hours_once_for_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state__in", ("noted", "approved"))),
                expressions=[
                    (
                        models.Func(
                            models.F("community_id"),
                            models.F("community_id"),
                            models.Value("[]"),
                            function="int8range",
                            output_field=models.TextField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("volunteer_id"),
                            models.F("volunteer_id"),
                            models.Value("[]"),
                            function="uuidrange",
                            output_field=models.TextField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("came_at"),
                            models.F("left_at"),
                            function="tstzrange",
                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="hours_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_at__gt", models.F("came_at"))), name="hours_end_after_they_begin"
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(("credited__gte", 0), ("minutes__gt", 0)), name="hours_are_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["noted", "approved", "refused", "taken_back"])),
                name="hours_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["noted", "refused"]),
                    ("decided_by", None),
                    models.Q(
                        models.Q(
                            ("noted_by", None),
                            models.Q(("decided_by", models.F("noted_by")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("own_account", None),
                            models.Q(("decided_by", models.F("own_account")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="hours_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("noted", "approved")), models.Q(("why", ""), _negated=True), _connector="OR"
                ),
                name="hours_not_counted_why",
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["community", "volunteer", "kind"], name="certificate_of_volunteer"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_certificate_home"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "volunteer"),
                name="volunteering_certificate_volunteer_fk",
                to="volunteering.Volunteer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", ""), _negated=True), name="certificate_has_a_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="belonging",
            index=models.Index(fields=["community", "volunteer"], name="belonging_of_volunteer"),
        ),
        migrations.AddConstraint(
            model_name="belonging",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_belonging_home"),
        ),
        migrations.AddConstraint(
            model_name="belonging",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "team"),
                name="volunteering_belonging_team_fk",
                to="volunteering.Team",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="belonging",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "volunteer"),
                name="volunteering_belonging_volunteer_fk",
                to="volunteering.Volunteer",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="belonging",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("community", "team", "volunteer"), name="belonging_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="belonging",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="belonging_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearpaper",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="volunteering_yearpaper_home"),
        ),
        migrations.AddConstraint(
            model_name="yearpaper",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="volunteering_yearpaper_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="yearpaper",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="year_paper_number"),
        ),
        migrations.AddConstraint(
            model_name="yearpaper",
            constraint=models.UniqueConstraint(fields=("community", "code"), name="year_paper_code"),
        ),
        migrations.AddConstraint(
            model_name="yearpaper",
            constraint=models.UniqueConstraint(
                fields=("community", "resident", "year", "minutes"), name="year_paper_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearpaper",
            constraint=models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="year_paper_of_something"),
        ),
    ]
