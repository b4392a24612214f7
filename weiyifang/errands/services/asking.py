"""Ask for long work, cancel it, fetch its file; and forget it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, long_work
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.long_work import Made
from weiyifang.core.refusals import Refused
from weiyifang.core.server.jobs import by_name, enqueue
from weiyifang.core.states import move
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web.access import require, require_fresh
from weiyifang.errands import events, queries, rules, terms
from weiyifang.errands.models import FLOW, OPEN, Errand, ErrandFile, State
from weiyifang.people.secrets import unseal_bytes

MOST = 5  # open at the same time, of one person
CARRY_OUT = "weiyifang.errands.tasks.carry_out"


class TooManyAtOnce(Refused):
    """Somebody hands over more than can be wanted."""

    sentence = _("%(n)s of yours are waiting or under way already. Wait until one is done, or cancel one.")


class FileGone(Refused):
    """Its days are over, or somebody in it was forgotten."""

    sentence = _("This file is no longer kept. Make it anew.")


@transaction.atomic
def ask(*, kind: str, arguments: long_work.Arguments, by: Actor) -> Errand:
    """Hand work over: the row and the job, both or none. Asked for again while it is open, it is the same one.

    Raises KeyError for a kind that is not registered, `NotAllowed`, `ProofNeeded` for what shows numbers, and
    `TooManyAtOnce`. Announces `ErrandAsked`.
    """
    wanted = long_work.kind(kind)
    require(by.account_id is not None and wanted.may(by, arguments))
    if wanted.shows_numbers(arguments):
        require_fresh(by)
    errand = Errand(
        kind=kind,
        arguments=dict(arguments),
        key=_key(kind, arguments),
        language=get_language() or "",
        asked_by_id=by.account_id,
    )
    fill_community([errand])
    Errand.objects.bulk_create([errand], ignore_conflicts=True)  # whoever pressed at the same time is waited for
    there = queries.of(by).filter(key=errand.key)[0]  # the newest: ours, or the one that was faster
    if there.pk != errand.pk:
        return there
    if queries.of(by).filter(state__in=OPEN).count() > MOST:
        raise TooManyAtOnce(n=MOST)
    enqueue(by_name(CARRY_OUT), errand_id=str(errand.pk))
    announce(events.ErrandAsked(**fact_of(errand)), by=by)
    return errand


def _key(kind: str, arguments: long_work.Arguments) -> str:
    return hashlib.sha256(json.dumps([kind, arguments], sort_keys=True).encode()).hexdigest()


def fact_of(errand: Errand) -> dict[str, Any]:
    """What every fact about it says."""
    return {"subject": source_of(errand), "kind": errand.kind, "asker_id": errand.asked_by_id}


@transaction.atomic
def cancel(*, errand: Errand, by: Actor) -> Errand:
    """It is not wanted any more. In the queue it ends at once; under way, between two steps, with all it did.

    What is done stays done: nothing happens. Announces `ErrandCancelled` when it ends at once.
    """
    require(rules.is_own(by, errand))
    here = Errand.objects.select_for_update(no_key=True).get(pk=errand.pk)
    if here.state == State.WAITING:
        move(here, State.CANCELLED, flow=FLOW, ended_at=clock.now())
        announce(events.ErrandCancelled(**fact_of(here)), by=by)
    elif here.state == State.RUNNING and here.cancel_asked_at is None:
        here.cancel_asked_at = clock.now()
        here.save(update_fields=["cancel_asked_at"])
    return here


@transaction.atomic
def fetch(*, errand: Errand, by: Actor) -> Made:
    """The file, for whoever asked for it and may still do what it did.

    Raises `NotAllowed`, `FileGone`, and `ProofNeeded` where numbers stand in it. Announces `ErrandFileFetched`.
    """
    require(rules.can_fetch(by, errand))
    if long_work.kind(errand.kind).shows_numbers(errand.arguments):
        require_fresh(by)
    found = ErrandFile.objects.filter(errand=errand, until__gt=clock.now()).first()
    if found is None:
        raise FileGone()
    announce(events.ErrandFileFetched(**fact_of(errand)), by=by)
    return Made(name=found.name, media_type=found.media_type, content=unseal_bytes(bytes(found.content)))


@transaction.atomic
def forget_old() -> int:
    """Throw away the files whose days are over, and of what ended so long ago what it was asked with.

    The row stays: who had what done, and when. Returns how many files went.
    """
    gone, _each = ErrandFile.objects.filter(until__lte=clock.now()).delete()
    old = Errand.objects.filter(ended_at__lt=clock.now() - terms.kept_for()).exclude(arguments={}, said="")
    unlocked = old.select_for_update(no_key=True, skip_locked=True).values("pk")
    Errand.objects.filter(pk__in=unlocked).update(arguments={}, said="")
    return gone


@transaction.atomic
def forget_files_that_name_people() -> int:
    """Somebody is forgotten: no list made before names them, and one that is being made is begun anew.

    Nobody opens the files to see who stands in them; they can be made again. Returns how many went.
    """
    codes = [code for code, kind in long_work.every().items() if kind.names_people]
    for errand in Errand.objects.select_for_update(no_key=True).filter(kind__in=codes, state=State.RUNNING):
        move(errand, State.WAITING, flow=FLOW)  # whoever carries it out finds that it is theirs no more
        enqueue(by_name(CARRY_OUT), errand_id=str(errand.pk))
    gone, _each = ErrandFile.objects.filter(errand__kind__in=codes).delete()
    return gone
