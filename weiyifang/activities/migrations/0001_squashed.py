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
        ("activities", "0001_initial"),
        ("activities", "0002_no_words"),
        ("activities", "0003_closing"),
        ("activities", "0004_sequence"),
        ("activities", "0005_rooms"),
        ("activities", "0006_leaving"),
        ("activities", "0007_parties"),
        ("activities", "0008_one_length"),
        ("activities", "0009_phone"),
        ("activities", "0010_pictures"),
        ("activities", "0011_calendar"),
        ("activities", "0012_kinds_as_data"),
        ("activities", "0013_questions"),
        ("activities", "0014_messages"),
        ("activities", "0015_closing_hours"),
        ("activities", "0016_acts"),
        ("activities", "0017_draws"),
        ("activities", "0018_stalls"),
        ("activities", "0019_groups"),
        ("activities", "0020_missed"),
        ("activities", "0021_brought_in"),
        ("activities", "0022_shares"),
        ("activities", "0023_visits"),
        ("activities", "0024_teachers_share"),
        ("activities", "0025_passages"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        ("people", "0001_squashed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("title", models.CharField(max_length=60, verbose_name="what it is called")),
                ("summary", models.CharField(blank=True, max_length=120, verbose_name="one sentence about it")),
                ("description", models.TextField(blank=True, max_length=10000, verbose_name="what happens that day")),
                ("kind", models.CharField(default="workshop", max_length=10, verbose_name="kind")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everyone", "everyone"),
                            ("elders", "elders"),
                            ("children", "children"),
                            ("women", "women"),
                            ("families", "families"),
                        ],
                        default="everyone",
                        max_length=10,
                        verbose_name="for whom",
                    ),
                ),
                ("min_age", models.SmallIntegerField(blank=True, null=True, verbose_name="from age")),
                ("max_age", models.SmallIntegerField(blank=True, null=True, verbose_name="up to age")),
                ("organizer", models.CharField(blank=True, max_length=120, verbose_name="who puts it on")),
                ("place", models.CharField(max_length=80, verbose_name="place")),
                ("books_place", models.BooleanField(default=False, verbose_name="nobody else may use the place then")),
                ("places", models.IntegerField(default=0, verbose_name="seats")),
                ("party_size", models.SmallIntegerField(default=1, verbose_name="seats one person may take")),
                ("fee_fen", models.IntegerField(default=0, verbose_name="fee")),
                (
                    "teacher_share",
                    models.SmallIntegerField(
                        db_default=0, default=0, verbose_name="the teacher's share of a lesson's fee"
                    ),
                ),
                ("fee_note", models.CharField(blank=True, max_length=80, verbose_name="about the fee")),
                (
                    "mode",
                    models.CharField(
                        choices=[("session", "each date by itself"), ("term", "once for the whole term")],
                        default="session",
                        max_length=8,
                        verbose_name="enrolment",
                    ),
                ),
                ("enrol_from", models.DateTimeField(blank=True, null=True, verbose_name="enrolment opens")),
                (
                    "closes_hours",
                    models.SmallIntegerField(
                        default=0, verbose_name="hours before it begins at which enrolment closes"
                    ),
                ),
                (
                    "order",
                    models.CharField(
                        choices=[
                            ("come", "first come, first served"),
                            ("timers", "first-timers first, when enrolment closes"),
                            ("lottery", "drawn by lot, when enrolment closes"),
                        ],
                        default="come",
                        max_length=8,
                        verbose_name="who gets a seat",
                    ),
                ),
                (
                    "trials",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="who is not a pupil may try one lesson"
                    ),
                ),
                (
                    "guest_seats",
                    models.SmallIntegerField(
                        db_default=0, default=0, verbose_name="more seats at each lesson, for visits"
                    ),
                ),
                ("offer_hours", models.SmallIntegerField(default=24, verbose_name="hours to answer an offer")),
                (
                    "leaving",
                    models.CharField(
                        choices=[
                            ("usual", "where children enrol for what is for children"),
                            ("noted", "yes"),
                            ("not", "no"),
                        ],
                        db_default="not",
                        default="usual",
                        max_length=5,
                        verbose_name="who leaves is noted",
                    ),
                ),
                (
                    "cover",
                    models.CharField(
                        choices=[
                            ("tea", "flowers and tea"),
                            ("leaf", "leaves"),
                            ("pot", "pottery"),
                            ("brush", "brush and paper"),
                            ("heart", "health"),
                            ("lantern", "lanterns"),
                            ("stalls", "stalls"),
                            ("music", "music"),
                            ("road", "hills and road"),
                            ("needle", "mending"),
                            ("phone", "smartphone"),
                        ],
                        default="tea",
                        max_length=8,
                        verbose_name="drawing",
                    ),
                ),
                ("pictures", models.JSONField(blank=True, default=list, verbose_name="pictures")),
                ("questions", models.JSONField(blank=True, default=list, verbose_name="questions")),
                (
                    "shares",
                    models.JSONField(blank=True, db_default=[], default=list, verbose_name="seats kept for some"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "open to all"),
                            ("finished", "over"),
                            ("cancelled", "called off"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("cancel_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("brought_in", models.UUIDField(null=True)),
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
                    "instructor",
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
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
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
            name="Enrollment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("places", models.SmallIntegerField(default=1, verbose_name="seats")),
                ("fee_fen", models.IntegerField(default=0)),
                ("ticket", models.IntegerField(blank=True, null=True)),
                ("together", models.UUIDField(blank=True, null=True)),
                ("place_in_group", models.SmallIntegerField(db_default=0, default=0)),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="what we should know")),
                ("answers", models.JSONField(blank=True, db_default={}, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "in the queue"),
                            ("confirmed", "enrolled"),
                            ("cancelled", "given up"),
                            ("lapsed", "offer not answered"),
                            ("unreached", "the queue closed before their turn"),
                        ],
                        default="confirmed",
                        max_length=10,
                    ),
                ),
                ("enrolled_by_id", models.UUIDField(null=True)),
                ("enrolled_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("given_up_on_leaving", models.BooleanField(db_default=False)),
                (
                    "activity",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enrollments",
                        to="activities.activity",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
            ],
            options={
                "verbose_name": "enrolment",
                "verbose_name_plural": "enrolments",
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
            name="Excuse",
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
                        choices=[
                            ("asked", "somebody will look at it; until then it does not count"),
                            ("excused", "excused: it does not count"),
                            ("counts", "looked at: it counts"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="what happened that day")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="why, or why not")),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("decided_by_id", models.UUIDField(null=True)),
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
                    "enrollment",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="excuses", to="activities.enrollment"
                    ),
                ),
            ],
            options={
                "verbose_name": "excuse for a missed date",
                "verbose_name_plural": "excuses for missed dates",
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
            name="Fetcher",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="the last day")),
                ("at_the_door", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=40, verbose_name="who fetches")),
                ("why", models.CharField(blank=True, max_length=120, verbose_name="why with them")),
                ("named_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("named_by_id", models.UUIDField(null=True)),
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
                    "enrollment",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fetchers",
                        to="activities.enrollment",
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
                "verbose_name": "person who may fetch a child",
                "verbose_name_plural": "people who may fetch a child",
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
            name="RunningOrder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="shown to all since")),
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
                "verbose_name": "running order",
                "verbose_name_plural": "running orders",
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
            name="Act",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.SmallIntegerField(blank=True, null=True, verbose_name="no.")),
                ("title", models.CharField(max_length=60, verbose_name="what is performed")),
                (
                    "organization",
                    models.CharField(blank=True, max_length=120, verbose_name="organization that performs"),
                ),
                ("performers", models.CharField(blank=True, max_length=80, verbose_name="who performs, in words")),
                ("minutes", models.SmallIntegerField(verbose_name="minutes")),
                ("changeover", models.SmallIntegerField(default=0, verbose_name="minutes until the next begins")),
                ("microphones", models.SmallIntegerField(default=0, verbose_name="microphones")),
                ("chairs", models.SmallIntegerField(default=0, verbose_name="chairs")),
                ("needs", models.CharField(blank=True, max_length=120, verbose_name="what else is needed")),
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
                    "order",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="acts", to="activities.runningorder"
                    ),
                ),
            ],
            options={
                "verbose_name": "act",
                "verbose_name_plural": "acts",
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
            name="Session",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="another place")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("held", "took place"), ("cancelled", "called off")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("cancel_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("sequence", models.IntegerField(default=0)),
                ("reminded_for", models.DateTimeField(blank=True, null=True)),
                ("calendar_key", models.CharField(blank=True, default="", max_length=32)),
                ("calendar_sequence", models.IntegerField(default=0)),
                (
                    "activity",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="activities.activity"
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
                "verbose_name": "date",
                "verbose_name_plural": "sessions",
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
            model_name="runningorder",
            name="session",
            field=weiyifang.core.tenancy.CommunityForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="activities.session"
            ),
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("way", models.CharField(choices=[("out", "left"), ("in", "came back")], max_length=3)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("recorded_by_id", models.UUIDField(null=True)),
                ("nonce", models.UUIDField()),
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
                    "fetcher",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="activities.fetcher",
                    ),
                ),
                (
                    "guardian",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
                (
                    "resident",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
                (
                    "voids",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voided_by",
                        to="activities.passage",
                    ),
                ),
                (
                    "session",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passages", to="activities.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "verbose_name_plural": "passages",
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
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("enrolled", "who is enrolled"),
                            ("waiting", "who waits in the queue"),
                            ("came", "who came"),
                        ],
                        max_length=8,
                        verbose_name="to whom",
                    ),
                ),
                ("words", models.CharField(max_length=300, verbose_name="what you write")),
                ("people", models.IntegerField()),
                ("written_by_id", models.UUIDField(null=True)),
                ("written_at", models.DateTimeField(default=weiyifang.core.clock.now)),
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
                    "session",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="activities.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "message to people of a date",
                "verbose_name_plural": "messages to people of a date",
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
            name="LessonLeave",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("asked_by_id", models.UUIDField(null=True)),
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
                    "enrollment",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="leaves", to="activities.enrollment"
                    ),
                ),
                (
                    "session",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="leaves", to="activities.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "leave from a lesson",
                "verbose_name_plural": "leaves from lessons",
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
            model_name="enrollment",
            name="makes_up",
            field=weiyifang.core.tenancy.CommunityForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="activities.session",
            ),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="session",
            field=weiyifang.core.tenancy.CommunityForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="enrollments",
                to="activities.session",
            ),
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("commitment", models.CharField(blank=True, default="", max_length=64)),
                ("seed", weiyifang.people.secrets.SealedField(blank=True, default="")),
                ("sheet", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("drawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activity",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="activities.activity"
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
                    "session",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="activities.session",
                    ),
                ),
            ],
            options={
                "verbose_name": "draw",
                "verbose_name_plural": "draws",
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
            name="Attendance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("people", models.IntegerField(default=1)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("qr", "scanned"),
                            ("roster", "ticked on the list"),
                            ("paper", "from the paper list"),
                            ("kiosk", "by themselves at the door"),
                        ],
                        max_length=8,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("recorded_by_id", models.UUIDField(null=True)),
                ("nonce", models.UUIDField()),
                ("turn", models.SmallIntegerField(default=0)),
                ("fee_fen", models.IntegerField(default=0)),
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
                (
                    "voids",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voided_by",
                        to="activities.attendance",
                    ),
                ),
                (
                    "session",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="activities.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendances",
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
            name="Stall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.SmallIntegerField(verbose_name="no.")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="where it stands")),
                ("organization", models.CharField(blank=True, max_length=120, verbose_name="who has it")),
                ("goods", models.CharField(blank=True, max_length=60, verbose_name="what is sold or shown")),
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
                    "session",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stalls", to="activities.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "stall",
                "verbose_name_plural": "stalls",
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
            name="StallCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("turn", models.SmallIntegerField(verbose_name="which count")),
                ("first_fen", models.BigIntegerField(verbose_name="first count")),
                ("first_by_id", models.UUIDField(null=True)),
                ("first_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("second_fen", models.BigIntegerField(blank=True, null=True, verbose_name="second count")),
                ("second_by_id", models.UUIDField(null=True)),
                ("second_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("once", "counted once"),
                            ("agreed", "counted alike by two, in the fund"),
                            ("differs", "counted differently, in nobody's books"),
                            ("back", "taken back"),
                        ],
                        default="once",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("why_back", models.CharField(blank=True, max_length=200, verbose_name="why it was taken back")),
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
                    "stall",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="activities.stall"
                    ),
                ),
            ],
            options={
                "verbose_name": "count of a stall",
                "verbose_name_plural": "counts of stalls",
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
            name="TeacherPart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("points", models.SmallIntegerField()),
                ("amount_fen", models.IntegerField(verbose_name="amount")),
                ("shared_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "activity",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="activities.activity"
                    ),
                ),
                (
                    "attendance",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teacher_parts",
                        to="activities.attendance",
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
                    "teacher",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.resident"
                    ),
                ),
            ],
            options={
                "verbose_name": "teacher's part of a fee",
                "verbose_name_plural": "teachers' parts of fees",
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
            model_name="activity",
            index=models.Index(fields=["community", "state", "kind"], name="activity_state_kind"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("brought_in__isnull", False)),
                fields=["community", "brought_in"],
                name="activity_brought_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_activity_home"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "instructor"),
                name="activities_activity_instructor_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="activity_number"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "published", "finished", "cancelled"])),
                name="activity_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("leaving__in", ["usual", "noted", "not"])), name="activity_leaving_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("cancel_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="activity_cancelled_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes_hours__gte", 0),
                    ("fee_fen__gte", 0),
                    ("offer_hours__gte", 0),
                    ("party_size__gte", 1),
                    ("places__gte", 0),
                    ("guest_seats__gte", 0),
                    ("teacher_share__range", (0, 10000)),
                ),
                name="activity_numbers_make_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_age", None), ("max_age", None), ("min_age__lte", models.F("max_age")), _connector="OR"
                ),
                name="activity_ages_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("order", "come"),
                    models.Q(
                        ("closes_hours__gte", 1), ("order__in", ["come", "timers", "lottery"]), ("places__gte", 1)
                    ),
                    _connector="OR",
                ),
                name="activity_order_can_be_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("mode", "term"), _negated=True), ("places__gte", 1), _connector="OR"),
                name="activity_term_has_seats",
            ),
        ),
        migrations.AddIndex(
            model_name="excuse",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["community", "asked_at"], name="excuse_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_excuse_home"),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "enrollment"),
                name="activities_excuse_enrollment_fk",
                to="activities.Enrollment",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.UniqueConstraint(fields=("community", "enrollment"), name="excuse_once"),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "excused", "counts"])), name="excuse_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "asked"), models.Q(("answer", ""), _negated=True), _connector="OR"),
                name="excuse_decided_why",
            ),
        ),
        migrations.AddIndex(
            model_name="fetcher",
            index=models.Index(fields=["community", "resident"], name="fetcher_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="fetcher",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_fetcher_home"),
        ),
        migrations.AddConstraint(
            model_name="fetcher",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="activities_fetcher_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="fetcher",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "enrollment"),
                name="activities_fetcher_enrollment_fk",
                to="activities.Enrollment",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="fetcher",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("at_the_door", True), ("enrollment", None), ("until", None)),
                    models.Q(("at_the_door", False), ("enrollment__isnull", False)),
                    _connector="OR",
                ),
                name="fetcher_named_by_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_act_home"),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "order"),
                name="activities_act_order_fk",
                to="activities.RunningOrder",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.UniqueConstraint(fields=("community", "order", "position"), name="act_position_once"),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(("changeover__range", (0, 60)), ("minutes__range", (1, 240))), name="act_takes_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(("chairs__range", (0, 200)), ("microphones__range", (0, 200))), name="act_things"
            ),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organization", ""), _negated=True),
                    models.Q(("performers", ""), _negated=True),
                    _connector="OR",
                ),
                name="act_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["community", "starts_at"], name="session_by_time"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_session_home"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "activity"),
                name="activities_session_activity_fk",
                to="activities.Activity",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(fields=("community", "activity", "number"), name="session_number"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("community", "activity", "starts_at"),
                name="session_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                condition=models.Q(("calendar_key", ""), _negated=True),
                fields=("community", "activity", "calendar_key"),
                name="session_calendar_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="session_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "held", "cancelled"])), name="session_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="runningorder",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_runningorder_home"),
        ),
        migrations.AddConstraint(
            model_name="runningorder",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_runningorder_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="runningorder",
            constraint=models.UniqueConstraint(fields=("community", "session"), name="runningorder_once"),
        ),
        migrations.AddIndex(
            model_name="passage",
            index=models.Index(fields=["community", "session", "resident"], name="passage_of_session"),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_passage_home"),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_passage_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="activities_passage_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "guardian"),
                name="activities_passage_guardian_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "fetcher"),
                name="activities_passage_fetcher_fk",
                to="activities.Fetcher",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "voids"),
                name="activities_passage_voids_fk",
                to="activities.Passage",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(fields=("community", "nonce"), name="passage_nonce"),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voids__isnull", False)), fields=("community", "voids"), name="passage_voided_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fetcher", None), ("guardian", None)),
                    models.Q(("guardian", None), ("way", "out")),
                    models.Q(("fetcher", None), ("way", "out")),
                    _connector="OR",
                ),
                name="passage_handed_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(condition=models.Q(("way__in", ["out", "in"])), name="passage_way_known"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["community", "session"], name="message_of_session"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_message_home"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_message_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("whom__in", ["enrolled", "waiting", "came"])), name="message_whom_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(condition=models.Q(("people__gte", 1)), name="message_to_somebody"),
        ),
        migrations.AddIndex(
            model_name="lessonleave",
            index=models.Index(fields=["community", "session"], name="lessonleave_of_session"),
        ),
        migrations.AddConstraint(
            model_name="lessonleave",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_lessonleave_home"),
        ),
        migrations.AddConstraint(
            model_name="lessonleave",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "enrollment"),
                name="activities_lessonleave_enrollment_fk",
                to="activities.Enrollment",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="lessonleave",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_lessonleave_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="lessonleave",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("community", "enrollment", "session"),
                name="lessonleave_once",
            ),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(fields=["community", "session", "state"], name="enrollment_of_session"),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(fields=["community", "resident", "state"], name="enrollment_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_enrollment_home"),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "activity"),
                name="activities_enrollment_activity_fk",
                to="activities.Activity",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_enrollment_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="activities_enrollment_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "makes_up"),
                name="activities_enrollment_makes_up_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "confirmed"))),
                fields=("community", "activity", "session", "resident"),
                name="enrollment_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ticket__isnull", False)),
                fields=("community", "activity", "session", "ticket", "place_in_group"),
                name="enrollment_ticket",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("makes_up__isnull", False), ("state__in", ("waiting", "confirmed"))),
                fields=("community", "makes_up", "resident"),
                name="enrollment_makes_up_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_fen__gte", 0), ("places__gte", 1)), name="enrollment_numbers_make_sense"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("makes_up", None), models.Q(("places", 1), ("session__isnull", False)), _connector="OR"
                ),
                name="enrollment_makes_up_in_a_lesson",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "confirmed", "cancelled", "lapsed", "unreached"])),
                name="enrollment_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("place_in_group", 0), ("together", None)),
                    models.Q(("place_in_group__gte", 0), ("together__isnull", False)),
                    _connector="OR",
                ),
                name="enrollment_group_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(fields=["community", "drawn_at"], name="draw_due"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_draw_home"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "activity"),
                name="activities_draw_activity_fk",
                to="activities.Activity",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_draw_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(
                fields=("community", "activity", "session"), name="draw_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("drawn_at__isnull", False), ("sheet", ""), _connector="OR"),
                name="draw_shown_when_drawn",
            ),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(fields=["community", "resident"], name="attendance_of_resident"),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(fields=["community", "happened_at"], name="attendance_by_time"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_attendance_home"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_attendance_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "resident"),
                name="activities_attendance_resident_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "voids"),
                name="activities_attendance_voids_fk",
                to="activities.Attendance",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("community", "nonce"), name="attendance_nonce"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resident__isnull", False), ("voids", None)),
                fields=("community", "session", "resident", "turn"),
                name="attendance_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voids__isnull", False)),
                fields=("community", "voids"),
                name="attendance_voided_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("people__gte", 1), ("voids", None)),
                    models.Q(("people__lte", -1), ("voids__isnull", False)),
                    _connector="OR",
                ),
                name="attendance_counts_or_voids",
            ),
        ),
        migrations.AddConstraint(
            model_name="stall",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_stall_home"),
        ),
        migrations.AddConstraint(
            model_name="stall",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "session"),
                name="activities_stall_session_fk",
                to="activities.Session",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="stall",
            constraint=models.UniqueConstraint(fields=("community", "session", "number"), name="stall_number"),
        ),
        migrations.AddConstraint(
            model_name="stall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organization", ""), _negated=True),
                fields=("community", "session", "organization"),
                name="stall_one_for_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="stall",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="stall_numbers_from_one"),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_stallcount_home"),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "stall"),
                name="activities_stallcount_stall_fk",
                to="activities.Stall",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=models.UniqueConstraint(fields=("community", "stall", "turn"), name="stallcount_turn"),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("once", "agreed"))),
                fields=("community", "stall"),
                name="stallcount_one_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["once", "agreed", "differs", "back"])), name="stallcount_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_fen__gte", 0), models.Q(("second_fen", None), ("second_fen__gte", 0), _connector="OR")
                ),
                name="stallcount_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("second_by_id", models.F("first_by_id")), _negated=True), name="stallcount_by_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="stallcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("agreed", "back")), _negated=True),
                    models.Q(("second_fen", models.F("first_fen")), ("second_fen__isnull", False)),
                    _connector="OR",
                ),
                name="stallcount_agreed_alike",
            ),
        ),
        migrations.AddIndex(
            model_name="teacherpart",
            index=models.Index(fields=["community", "activity"], name="teacherpart_of_activity"),
        ),
        migrations.AddIndex(
            model_name="teacherpart",
            index=models.Index(fields=["community", "teacher"], name="teacherpart_of_teacher"),
        ),
        migrations.AddConstraint(
            model_name="teacherpart",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="activities_teacherpart_home"),
        ),
        migrations.AddConstraint(
            model_name="teacherpart",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "attendance"),
                name="activities_teacherpart_attendance_fk",
                to="activities.Attendance",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="teacherpart",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "activity"),
                name="activities_teacherpart_activity_fk",
                to="activities.Activity",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="teacherpart",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "teacher"),
                name="activities_teacherpart_teacher_fk",
                to="people.Resident",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="teacherpart",
            constraint=models.UniqueConstraint(fields=("community", "attendance"), name="teacherpart_once"),
        ),
        migrations.AddConstraint(
            model_name="teacherpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gte", 0), ("points__range", (1, 10000))),
                name="teacherpart_numbers_make_sense",
            ),
        ),
    ]
