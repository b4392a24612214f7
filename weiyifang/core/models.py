"""Tables of the ground floor."""

from __future__ import annotations

from django.db import models

from weiyifang.core import clock
from weiyifang.core.tenancy import CommunityModel


class TimelineEntry(CommunityModel):
    """One announced fact. Append-only: the program's role cannot change or remove it."""

    append_only = True

    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    actor_account_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        indexes = [
            models.Index(fields=["community", "subject", "at"], name="timeline_subject"),
            models.Index(fields=["community", "at"], name="timeline_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    @property
    def words(self) -> str:
        """What happened, for people."""
        from weiyifang.core.events import kinds

        kind = kinds().get(self.verb)
        return str(kind.words) if kind else ""


class OnceRecord(CommunityModel):
    """The answer given to a mutating request, kept so that sending it twice does its work once (see `once`)."""

    scope = models.CharField(max_length=200)  # who and where: account or session, method and path
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    location = models.TextField(blank=True)
    body = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=80, blank=True)
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
