"""What people do with their messages, and when these are forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.access import require
from weiyifang.notices import queries, routing, rules
from weiyifang.notices.models import Notice


@transaction.atomic
def read(*, notice: Notice, by: Actor) -> None:
    """It was opened. Nothing is announced: what somebody reads is nobody's history."""
    require(rules.is_own(by, notice))
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


@transaction.atomic
def read_all(*, by: Actor) -> int:
    """Everything that was new was seen. Returns how many that were."""
    return queries.of(by).filter(read_at=None).update(read_at=clock.now())


@transaction.atomic
def finish(*, notice: Notice, by: Actor) -> None:
    """It is dealt with: put away."""
    require(rules.is_own(by, notice))
    now = clock.now()
    Notice.objects.filter(pk=notice.pk, done_at=None).update(done_at=now, read_at=Coalesce("read_at", now))


@transaction.atomic
def take_out(*, notice: Notice, by: Actor) -> None:
    """It was put away by mistake: back among the others."""
    require(rules.is_own(by, notice))
    Notice.objects.filter(pk=notice.pk).update(done_at=None)


@transaction.atomic
def settle(*, about: str, kinds: Collection[str]) -> int:
    """What these asked for is done, by whomever: they are put away for everybody who was told. Returns how many.

    A message that somebody opens in this very moment stays: nobody waits for it.
    """
    now = clock.now()
    open_ = Notice.objects.filter(about=about, kind__in=kinds, done_at=None)
    unlocked = open_.select_for_update(no_key=True, skip_locked=True).values("pk")
    return Notice.objects.filter(pk__in=unlocked).update(done_at=now, read_at=Coalesce("read_at", now))


@transaction.atomic
def forget_old() -> int:
    """Throw away what was told longer ago than the rule keeps. Returns how many notices."""
    kept = timedelta(days=routing.policy_on(clock.today()).kept_days)
    _total, each = Notice.objects.filter(at__lt=clock.now() - kept).delete()
    return each.get(Notice._meta.label, 0)


@transaction.atomic
def forget_person(*, resident_id: UUID) -> int:
    """A person is forgotten: what they were told, and what others were told about their affairs. Returns how many."""
    _total, each = Notice.objects.filter(Q(resident=resident_id) | Q(whose=resident_id)).delete()
    return each.get(Notice._meta.label, 0)
