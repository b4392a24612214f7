"""Tables of the ground floor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core import clock
from weiyifang.core.actors import SYSTEM
from weiyifang.core.columns import TextColumn
from weiyifang.core.kinds import kinds
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, Journal, current_community_id

if TYPE_CHECKING:
    from weiyifang.core.timeline import Subject

Namer = Callable[[Collection[UUID]], Mapping[UUID, str]]
_namers: list[Namer] = []


def name_actors_with(namer: Namer) -> None:
    """Register who knows the names of accounts: `namer(ids)` gives the name of each it knows, in one query or two."""
    _namers.append(namer)


class TimelineQuerySet(models.QuerySet["TimelineEntry"]):
    """Knows the actors' names once it is read: one question for the whole list."""

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        rows: list[Any] = [row for row in self._result_cache or [] if isinstance(row, TimelineEntry)]
        ids = {row.actor_account_id for row in rows if row.actor_account_id is not None} if fresh else set()
        for namer in _namers if ids else []:
            names = namer(ids)
            for row in rows:
                row.actor_name = names.get(row.actor_account_id, row.actor_name)
        for row in rows:
            if row.actor_name == SYSTEM:
                row.actor_name = _("the program")


class Timeline(Home["TimelineEntry"]):
    def get_queryset(self) -> TimelineQuerySet:
        return TimelineQuerySet(self.model, using=self._db).filter(community_id=current_community_id())


class TimelineEntry(CommunityModel):
    """One announced fact. Append-only: the program's role cannot change or remove it.

    Therefore it holds no person's name (people may ask to be forgotten): `actor_name` is kept for the program itself
    only, and for a person filled in when the rows are read.
    """

    append_only = True
    in_journal = Journal(moment="at")

    verb = models.CharField(max_length=80)
    subject = SourceField()
    actor_account_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Timeline] = Timeline()

    class Meta(CommunityModel.Meta):
        indexes = [
            models.Index(fields=["community", "subject", "at"], name="timeline_subject"),
            models.Index(fields=["community", "at"], name="timeline_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    # What it is about and whom it was done for, for people: filled in by `timeline.with_titles`.
    about: Subject | None = None
    whom: Sequence[Subject] = ()

    @property
    def remarked(self) -> str:
        """What somebody said with it: why, or what is different now. Read with `prefetch_related("remarks")`."""
        return " · ".join(remark.text for remark in self.remarks.all())

    @property
    def words(self) -> str:
        """What happened, for people."""
        kind = kinds().get(self.verb)
        return str(kind.words) if kind else ""


class Installation(models.Model):
    """Whether this database is the demo's or kept for real people: one row, written by who starts first; see there."""

    append_only = True
    in_journal = Journal(instead="there is one, of no community, and every process compares it with its settings")

    class Kind(models.TextChoices):
        REAL = "real", "real"
        DEMO = "demo", "demo"

    id = models.SmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    version = models.CharField(max_length=40)  # of the program that wrote it
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="installation_once"),
            models.CheckConstraint(condition=Q(kind__in=["real", "demo"]), name="installation_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


class ClockMark(models.Model):
    """When the time was written down last: one row, of no community. See `timekeeping`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clock_mark_once")]

    def __str__(self) -> str:
        return str(self.seen_at)


class Remark(CommunityModel):
    """What somebody typed with an announced fact (why a payment was sent back), in the field of that name.

    Beside the timeline, which cannot forget: a person's name, or the whole of it, is taken out when they are forgotten.
    """

    entry = CommunityForeignKey(TimelineEntry, models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=40)
    text = TextColumn(gettext_lazy("reason"), max_length=1000)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "entry", "field"], name="remark_once")]

    def __str__(self) -> str:
        return self.text


class OnceRecord(CommunityModel):
    """The answer given to a mutating request, kept so that sending it twice does its work once (see `once`)."""

    scope = models.CharField(max_length=200)  # who and where: account or session, method and path
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    body = models.BinaryField(default=b"")
    around = models.JSONField(default=dict)  # its headers and cookies, and what it told for the next page
    at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "scope", "key"], name="once_key")]
        indexes = [models.Index(fields=["community", "at"], name="once_at")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Counter(CommunityModel):
    """The last short number given out of one kind (`activity no. 37`); see `numbers`."""

    kind = models.CharField(max_length=40)
    last = models.IntegerField(default=0)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "kind"], name="counter_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"


class Block(CommunityModel):
    """Up to a thousand rows of one append-only table, written down in the journal (see `core.journal`)."""

    append_only = True
    in_journal = Journal(instead="it is the journal; anchors keep its head")

    number = models.BigIntegerField()  # counted from one through all tables of the community
    model = models.CharField(max_length=60)  # whose rows these are: `core.timelineentry`
    columns = models.TextField()  # what a digest covers, separated by commas
    rows = models.IntegerField()
    up_to = models.UUIDField()  # the greatest id written down of this table so far
    members = ArrayField(models.UUIDField())  # the ids, in order
    digests = ArrayField(models.UUIDField())  # a digest for each
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="block_number")]
        indexes = [models.Index(fields=["community", "model", "number"], name="block_of_model")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
