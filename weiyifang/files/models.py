"""What was brought, and what it belongs to."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.people.models import Account
from weiyifang.people.secrets import SealedField

if TYPE_CHECKING:
    from uuid import UUID


class Kind(models.TextChoices):
    """What a content is. For each the program says how it is looked into, kept and handed out (`contents.py`)."""

    PICTURE = "picture", _("picture")
    PDF = "pdf", "PDF"
    XLSX = "xlsx", pgettext_lazy("file", "table")
    CSV = "csv", pgettext_lazy("file", "plain table")


class What(models.TextChoices):
    """What a paper is, where its owner tells papers apart."""

    SLIP = "slip", _("slip of a transfer")
    LETTER = "letter", _("letter")
    STATEMENT = "statement", _("statement of the bank")
    STATUTES = "statutes", _("statutes")
    MINUTES = "minutes", pgettext_lazy("file", "minutes")
    MEMBERS = "members", _("list of members")
    PROOF = "proof", _("proof")
    OTHER = "other", pgettext_lazy("file", "other")


class Content(CommunityModel):
    """What was brought. `sha256` is of the bytes as they came; of a picture those are not kept.

    A sealed one has a `key` of its own, kept here sealed (`seals`); then `sha256` is an HMAC under it, and the parts
    lie sealed in the store. Such a content belongs to one file only.

    `parts`: what lies in the store, by size: `{"phone": {"name": …, "bytes": …, "sha256": …, "width": …, …}}`.
    A picture is there in as many sizes as it is large enough for; everything else once, as "whole".
    """

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    sha256 = models.CharField(max_length=64)
    key = SealedField(blank=True, default="")
    parts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("content of files")
        verbose_name_plural = _("contents of files")
        constraints = [
            models.UniqueConstraint(fields=["community", "sha256"], name="content_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="content_kind"),
        ]
        indexes = [models.Index(fields=["community", "made_at"], name="content_made")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    @property
    def stored(self) -> str:
        """One SHA-256 over those of all parts: what lies in the store, as the fact tells it."""
        return sha256("".join(sorted(part["sha256"] for part in self.parts.values())).encode()).hexdigest()


class File(CommunityModel):
    """A content that belongs to `owner`."""

    owner = SourceField()
    content = CommunityForeignKey(Content, models.PROTECT, related_name="files")
    added_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    what = models.CharField(_("what it is"), max_length=9, choices=What.choices, blank=True, default="")
    is_open = models.BooleanField(_("everybody may see it"), default=False)  # besides whom its owner is shown to

    class Meta(CommunityModel.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [models.UniqueConstraint(fields=["community", "owner", "content"], name="file_once_of_an_owner")]
        indexes = [models.Index(fields=["community", "owner", "id"], name="file_owner")]

    if TYPE_CHECKING:
        content_id: UUID

    def __str__(self) -> str:
        return f"{self.owner} {self.content_id}"
