"""Tables, their promises, the states and the moves between them."""

from __future__ import annotations

import hashlib
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn, TextColumn
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, Journal
from weiyifang.files.album import AlbumColumn
from weiyifang.news.columns import COLUMNS
from weiyifang.organizations.queries import Named, named
from weiyifang.people.models import Account


class Column(CommunityModel):
    """A standing place in the paper (栏目): what articles point at. How it is called, in which order it stands and
    whether new articles may go in says the list `columns.COLUMNS`; of one that never was on the list, its own row.
    """

    code = models.CharField(_("address"), max_length=20)
    opened_as = LineColumn(_("name"), max_length=20)
    position = models.SmallIntegerField(_("place"), default=0)
    was_open = models.BooleanField(_("new articles may go in"), default=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("column")
        verbose_name_plural = _("columns")
        constraints = [
            models.UniqueConstraint(fields=["community", "code"], name="column_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language, as it is called today."""
        word = COLUMNS.word(self.code)
        return word.name if word else self.opened_as

    @property
    def is_open(self) -> bool:
        """New articles may go in today."""
        word = COLUMNS.today().word(self.code)
        return not word.is_ended if word else self.was_open and COLUMNS.word(self.code) is None


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("being reviewed")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


FLOW: Flow = {
    State.DRAFT: {State.IN_REVIEW, State.WITHDRAWN},  # a draft that comes to nothing is put away as well
    State.IN_REVIEW: {State.DRAFT, State.PUBLISHED},
    State.PUBLISHED: {State.WITHDRAWN},
    State.WITHDRAWN: {State.DRAFT},
}


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-number")

    def matching(self, words: str) -> Self:
        """Each word in the title or the digest."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(title__icontains=word) | Q(digest__icontains=word))
        return rows

    def with_reads(self) -> Self:
        """`reads`: how often it was read ever."""
        total = ReadTotal.objects.filter(article=models.OuterRef("pk")).values("reads")
        return self.annotate(reads=Coalesce(models.Subquery(total), 0, output_field=models.BigIntegerField()))

    def for_lists(self) -> Self:
        """With `reads` and without the text itself."""
        return self.with_reads().select_related("column").defer("text", "html")


class Article(CommunityModel):
    """A text of the community's own paper."""

    in_view = (
        *("title", "column", "digest", "text", "organization_source"),
        *("is_notice", "is_important", "state", "pinned_until", "pictures"),
    )

    number = models.IntegerField(_("no."))
    column = CommunityForeignKey(Column, models.PROTECT, related_name="articles", verbose_name=_("column"))
    title = LineColumn(_("title"), max_length=64)
    digest = LineColumn(_("in one sentence"), max_length=120, blank=True)
    text = TextColumn(_("text"), max_length=40_000)  # as it was typed
    html = models.TextField(editable=False)  # the same, cleaned: what pages show
    markup_edition = models.SmallIntegerField(editable=False, default=1)  # of the rules that made the HTML (`markup`)
    pictures = AlbumColumn()  # the first stands on top; where the others stand, the text says (`markup`)
    organization_source = SourceField(_("in the name of"), blank=True)  # "": the committee
    is_notice = models.BooleanField(_("it is a notice"), default=False)
    is_important = models.BooleanField(_("everyone must read it"), default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    sent_back_why = ShortTextColumn(_("reason"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    pinned_until = models.DateField(_("on top until"), null=True, blank=True)
    withdrawn_why = ShortTextColumn(_("reason"), max_length=200, blank=True)

    objects: ClassVar = Home.from_queryset(ArticleQuerySet)()
    organization: Named | None = None  # in whose name it is, once `queries.sign` has looked it up

    class Meta(CommunityModel.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="article_number"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="article_state_known"),
            models.CheckConstraint(
                condition=Q(reviewer=None) | ~Q(reviewer=F("author")), name="article_reviewed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(reviewer__isnull=False, published_at__isnull=False),
                name="article_published_when_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(is_notice=True) | Q(is_important=False), name="article_only_notices_must"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "-published_at", "-number"], name="article_newest"),
            models.Index(fields=["community", "column", "-published_at"], name="article_of_column"),
            models.Index(fields=["community", "organization_source", "-published_at"], name="article_of_organization"),
        ]

    def __str__(self) -> str:
        return self.title

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        found = named([value]).get(value) if name == "organization_source" else None
        return found.name if found else None

    @property
    def html_hash(self) -> str:
        """What readers see, in a hash: published with the article, so that a change behind its back is found."""
        return hashlib.sha256(self.html.encode()).hexdigest()

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_pinned(self) -> bool:
        return self.pinned_until is not None and self.pinned_until >= clock.today()


class Revision(CommunityModel):
    """What an article said from a moment on. Append-only: history is not rewritten."""

    append_only = True
    in_journal = Journal(moment="at")

    article = CommunityForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.SmallIntegerField(_("no."))
    title = LineColumn(_("title"), max_length=64)
    digest = LineColumn(_("in one sentence"), max_length=120, blank=True)
    text = TextColumn(_("text"), max_length=40_000)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    note = ShortTextColumn(
        _("what was corrected"), max_length=200, blank=True
    )  # what was corrected after publishing: shown to readers

    class Meta(CommunityModel.Meta):
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["community", "article", "number"], name="revision_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"


class Read(CommunityModel):
    """One reader opened one article on one day. Kept for `services.counting.KEPT_DAYS` days, then only counted."""

    article = CommunityForeignKey(Article, models.CASCADE, related_name="+")
    day = models.DateField()
    reader = models.BinaryField(max_length=16)  # see `reading.reader_key`

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["community", "day", "reader", "article"], name="read_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}"


class DayReader(CommunityModel):
    """Somebody read something on a day. Kept as long as a `Read`; `DayTally` counts these rows."""

    day = models.DateField()
    reader = models.BinaryField(max_length=16)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "day", "reader"], name="day_reader_once")]

    def __str__(self) -> str:
        return f"{self.day}"


class ReadTally(CommunityModel):
    """Reads of an article on a day, and how often it was opened; they are never added to one another."""

    article = CommunityForeignKey(Article, models.CASCADE, related_name="tallies")
    day = models.DateField()
    reads = models.BigIntegerField(default=0)
    openings = models.BigIntegerField(default=0)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["community", "article", "day"], name="read_tally_once"),
            models.CheckConstraint(condition=Q(reads__gte=0, openings__gte=F("reads")), name="read_tally_makes_sense"),
        ]
        indexes = [models.Index(fields=["community", "day"], name="read_tally_day")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}: {self.reads}"


class ReadTotal(CommunityModel):
    """All reads of an article: the sum of its tallies. Beside the article, so that counting never touches its text."""

    article = CommunityForeignKey(Article, models.CASCADE, related_name="+")
    reads = models.BigIntegerField(default=0)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["community", "article"], name="read_total_once"),
            models.CheckConstraint(condition=Q(reads__gte=0), name="read_total_from_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.reads}"


class DayTally(CommunityModel):
    """How many different readers the paper had on a day, whatever and however much they read."""

    day = models.DateField()
    readers = models.BigIntegerField(default=0)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["community", "day"], name="day_tally_once"),
            models.CheckConstraint(condition=Q(readers__gte=1), name="day_tally_makes_sense"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.readers}"
