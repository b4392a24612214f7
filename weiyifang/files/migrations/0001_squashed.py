import django.db.models.deletion
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
        ("files", "0001_initial"),
        ("files", "0002_once_of_an_owner"),
        ("files", "0003_sealed_and_named"),
    ]

    dependencies = [
        ("communities", "0001_squashed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Content",
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
                        choices=[("picture", "picture"), ("pdf", "PDF"), ("xlsx", "table"), ("csv", "plain table")],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("key", weiyifang.people.secrets.SealedField(blank=True, default="")),
                ("parts", models.JSONField()),
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
                "verbose_name": "content of files",
                "verbose_name_plural": "contents of files",
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
            name="File",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weiyifang.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner", models.CharField(max_length=120)),
                ("added_at", models.DateTimeField(default=weiyifang.core.clock.now)),
                (
                    "what",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("slip", "slip of a transfer"),
                            ("letter", "letter"),
                            ("statement", "statement of the bank"),
                            ("statutes", "statutes"),
                            ("minutes", "minutes"),
                            ("members", "list of members"),
                            ("proof", "proof"),
                            ("other", "other"),
                        ],
                        default="",
                        max_length=9,
                        verbose_name="what it is",
                    ),
                ),
                ("is_open", models.BooleanField(default=False, verbose_name="everybody may see it")),
                (
                    "added_by",
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
                    "content",
                    weiyifang.core.tenancy.CommunityForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="files.content"
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
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
            model_name="content",
            index=models.Index(fields=["community", "made_at"], name="content_made"),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="files_content_home"),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.UniqueConstraint(fields=("community", "sha256"), name="content_once"),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["picture", "pdf", "xlsx", "csv"])), name="content_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["community", "owner", "id"], name="file_owner"),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.UniqueConstraint(fields=("community", "id"), name="files_file_home"),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=weiyifang.core.composite.CompositeForeignKey(
                fields=("community", "content"),
                name="files_file_content_fk",
                to="files.Content",
                to_fields=("community", "id"),
            ),
        ),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.UniqueConstraint(fields=("community", "owner", "content"), name="file_once_of_an_owner"),
        ),
    ]
