"""Somebody is off the list, by their own wish or because they are gone; what was open with them is closed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.web.access import require
from weiyifang.talents import events, rules
from weiyifang.talents.models import Talent, TalentRequest, Thanks, ThanksState
from weiyifang.talents.services import asking, listing, thanking


@transaction.atomic
def take_off(*, talent: Talent, by: Actor) -> Talent:
    """Off the list, and what was open with them is closed. Raises `OffTheList`.

    Announces `TalentUnlisted`, and `TalentRequestClosed` for each.
    """
    talent = listing.locked(talent)
    require(rules.can_put_down(by, talent.resident))
    if talent.is_over:
        raise listing.OffTheList()
    talent.until = max(clock.today(), talent.since)
    talent.save(update_fields=["until"])
    announce(events.TalentUnlisted(**listing.about(talent)), by=by)
    for request in _held(TalentRequest.objects.open().filter(talent=talent)):
        asking.close(request, is_talents_end=True, by=by)
    return talent


def hold(*, resident_id: UUID) -> None:
    """Lock what ends when somebody goes, so that what else ends with it can be locked behind it (`reactions`)."""
    for talent in Talent.objects.filter(resident_id=resident_id).order_by("id"):
        listing.locked(talent)
    _hold_requests(resident_id)


def _hold_requests(resident_id: UUID) -> None:
    list(_held(_with(resident_id)))
    list(Thanks.objects.filter(_of(resident_id, "request__")).select_for_update(of=("self",)).order_by("id"))


@transaction.atomic
def end_for(*, resident_id: UUID, by: Actor) -> None:
    """What `reactions` calls when somebody leaves the community or is forgotten: nothing is open with them any more.

    What they asked for an organization stays: others of it go on.
    """
    require(by.is_system)
    take_off_resident(resident_id=resident_id, by=by)
    for request in _held(TalentRequest.objects.open().filter(resident_id=resident_id, of="")):
        asking.close(request, is_talents_end=False, by=by)


def take_off_resident(*, resident_id: UUID, by: Actor) -> None:
    """What `reactions` calls when somebody takes the consent back."""
    for talent in Talent.objects.listed().filter(resident_id=resident_id).order_by("id"):
        take_off(talent=talent, by=by)


@transaction.atomic
def end_for_organization(*, source: str, by: Actor) -> None:
    """What `reactions` calls when an organization ends: nobody waits for its talents any more."""
    require(by.is_system)
    for request in _held(TalentRequest.objects.open().filter(of=source)):
        asking.close(request, is_talents_end=False, by=by)


@transaction.atomic
def forget_person(*, resident_id: UUID, name: str, instead: str, by: Actor) -> None:
    """A person asked to be forgotten: their words and what thanks them go, counts stay. `end_for` comes after this."""
    require(by.is_system)
    write_over(Talent.objects.all(), "what", "words", name=name, instead=instead)
    Talent.objects.filter(resident_id=resident_id).update(what="", words="", topics=[])
    _hold_requests(resident_id)
    write_over(TalentRequest.objects.all(), "what", "place", "answer", name=name, instead=instead)
    TalentRequest.objects.filter(talent__resident_id=resident_id).update(answer="", talent_phone=False)
    mine = TalentRequest.objects.filter(resident_id=resident_id)
    mine.update(asker_phone=False)
    mine.filter(of="").update(what="", place="", answer="")
    rows = Thanks.objects.filter(_of(resident_id, "request__"))
    for thanks in _told(rows.exclude(state=ThanksState.TAKEN_BACK)):
        thanking.take_back(thanks, by=by)
    rows.update(words="", is_named=False)
    write_over(Thanks.objects.all(), "words", name=name, instead=instead)


def _of(resident_id: UUID, way: str = "") -> Q:
    """Where this resident is the talent, or asked for themselves."""
    return Q(**{f"{way}talent__resident_id": resident_id}) | Q(**{f"{way}resident_id": resident_id, f"{way}of": ""})


def _with(resident_id: UUID) -> QuerySet[TalentRequest]:
    return TalentRequest.objects.filter(Q(talent__resident_id=resident_id) | Q(resident_id=resident_id))


def _held(rows: QuerySet[TalentRequest]) -> list[TalentRequest]:
    """These requests, locked in the one order."""
    found = rows.select_for_update(of=("self",)).select_related("talent__resident", "resident")
    return list(found.order_by("id"))


def _told(rows: QuerySet[Thanks]) -> list[Thanks]:
    return list(rows.select_related("request__talent").order_by("id"))
