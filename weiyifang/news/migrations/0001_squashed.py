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
        ("news", "0001_initial"),
        ("news", "0002_edition_of_markup"),
        ("news", "0003_one_length"),
        ("news", "0004_pictures"),
        ("news", "0005_columns_on_a_list"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Column",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="address")),
                ("opened_as", models.CharField(max_length=20, verbose_name="name")),
                ("position", models.SmallIntegerField(default=0, verbose_name="place")),
                ("was_open", models.BooleanField(default=True, verbose_name="new articles may go in")),
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
                "verbose_name": "column",
                "verbose_name_plural": "columns",
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
            name="Article",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField(verbose_name="no.")),
                ("title", models.CharField(max_length=64, verbose_name="title")),
                ("digest", models.CharField(blank=True, max_length=120, verbose_name="in one sentence")),
                ("text", models.TextField(max_length=40000, verbose_name="text")),
                ("html", models.TextField(editable=False)),
                ("markup_edition", models.SmallIntegerField(default=1, editable=False)),
                ("pictures", models.JSONField(blank=True, default=list, verbose_name="pictures")),
                ("organization_source", models.CharField(blank=True, max_length=120, verbose_name="in the name of")),
                ("is_notice", models.BooleanField(default=False, verbose_name="it is a notice")),
                ("is_important", models.BooleanField(default=False, verbose_name="everyone must read it")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "being reviewed"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("written_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("changed_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("sent_back_why", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("pinned_until", models.DateField(blank=True, null=True, verbose_name="on top until")),
                ("withdrawn_why", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "author",
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
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "column",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="news.column",
                        verbose_name="column",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
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
            name="DayReader",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("reader", models.BinaryField(max_length=16)),
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
            name="DayTally",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("readers", models.BigIntegerField(default=0)),
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
            name="Read",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("reader", models.BinaryField(max_length=16)),
                (
                    "article",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="news.article"
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
        migrations.CreateModel(
            name="ReadTally",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("reads", models.BigIntegerField(default=0)),
                ("openings", models.BigIntegerField(default=0)),
                (
                    "article",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="news.article"
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
        migrations.CreateModel(
            name="ReadTotal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reads", models.BigIntegerField(default=0)),
                (
                    "article",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="news.article"
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
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.SmallIntegerField(verbose_name="no.")),
                ("title", models.CharField(max_length=64, verbose_name="title")),
                ("digest", models.CharField(blank=True, max_length=120, verbose_name="in one sentence")),
                ("text", models.TextField(max_length=40000, verbose_name="text")),
                ("at", models.DateTimeField(default=weiyifang.core.clock.now)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what was corrected")),
                (
                    "article",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="news.article"
                    ),
                ),
                (
                    "by",
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
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
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
            model_name="column",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_column_home"),
        ),
        migrations.AddConstraint(
            model_name="column",
            constraint=models.UniqueConstraint(fields=("community", "code"), name="column_code"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["community", "state", "-published_at", "-number"], name="article_newest"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["community", "column", "-published_at"], name="article_of_column"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["community", "organization_source", "-published_at"], name="article_of_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_article_home"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "column"),
                name="news_article_column_fk",
                to="news.Column",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(fields=("community", "number"), name="article_number"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "in_review", "published", "withdrawn"])),
                name="article_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewer", None), models.Q(("reviewer", models.F("author")), _negated=True), _connector="OR"
                ),
                name="article_reviewed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(("published_at__isnull", False), ("reviewer__isnull", False)),
                    _connector="OR",
                ),
                name="article_published_when_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_notice", True), ("is_important", False), _connector="OR"),
                name="article_only_notices_must",
            ),
        ),
        migrations.AddConstraint(
            model_name="dayreader",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_dayreader_home"),
        ),
        migrations.AddConstraint(
            model_name="dayreader",
            constraint=models.UniqueConstraint(fields=("community", "day", "reader"), name="day_reader_once"),
        ),
        migrations.AddConstraint(
            model_name="daytally",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_daytally_home"),
        ),
        migrations.AddConstraint(
            model_name="daytally",
            constraint=models.UniqueConstraint(fields=("community", "day"), name="day_tally_once"),
        ),
        migrations.AddConstraint(
            model_name="daytally",
            constraint=models.CheckConstraint(condition=models.Q(("readers__gte", 1)), name="day_tally_makes_sense"),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_read_home"),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "article"),
                name="news_read_article_fk",
                to="news.Article",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.UniqueConstraint(
                fields=("community", "day", "reader", "article"), name="read_once_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="readtally",
            index=models.Index(fields=["community", "day"], name="read_tally_day"),
        ),
        migrations.AddConstraint(
            model_name="readtally",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_readtally_home"),
        ),
        migrations.AddConstraint(
            model_name="readtally",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "article"),
                name="news_readtally_article_fk",
                to="news.Article",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="readtally",
            constraint=models.UniqueConstraint(fields=("community", "article", "day"), name="read_tally_once"),
        ),
        migrations.AddConstraint(
            model_name="readtally",
            constraint=models.CheckConstraint(
                condition=models.Q(("openings__gte", models.F("reads")), ("reads__gte", 0)),
                name="read_tally_makes_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="readtotal",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_readtotal_home"),
        ),
        migrations.AddConstraint(
            model_name="readtotal",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "article"),
                name="news_readtotal_article_fk",
                to="news.Article",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="readtotal",
            constraint=models.UniqueConstraint(fields=("community", "article"), name="read_total_once"),
        ),
        migrations.AddConstraint(
            model_name="readtotal",
            constraint=models.CheckConstraint(condition=models.Q(("reads__gte", 0)), name="read_total_from_zero"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="news_revision_home"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "article"),
                name="news_revision_article_fk",
                to="news.Article",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("community", "article", "number"), name="revision_number"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="revision_from_one"),
        ),
    ]
