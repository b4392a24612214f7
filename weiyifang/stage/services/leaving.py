"""What ends with somebody who leaves or is forgotten, and with a troupe that ends."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.forgetting import SHORTEST, write_over
from weiyifang.core.web.access import require
from weiyifang.stage.models import Answer, Engagement, EngagementQuerySet, Income, Offer, Performer, State
from weiyifang.stage.services import agreeing, playing

OPEN = (Answer.ASKED, Answer.MADE)


def hold(*, resident_id: UUID | None = None, organization: str = "") -> None:
    """Lock what `give_up_of` changes, so that what else ends with it can be locked behind it (`reactions`)."""
    rows = _of_troupe(organization) if resident_id is None else _of_resident(resident_id)
    list(rows.select_for_update(of=("self",)))


def give_up_of(*, resident_id: UUID | None = None, organization: str = "", by: Actor) -> None:
    """Somebody is in no line-up of what is to come; a troupe that ends plays nothing, and is asked for nothing."""
    require(by.is_system)
    if resident_id is not None:
        for show in _of_resident(resident_id):
            held = agreeing.locked(show)
            for place in Performer.objects.live().filter(engagement=held, resident_id=resident_id):
                playing.end_place(held, place, by=by)
        return
    for show in _of_troupe(organization):
        if show.state == State.AGREED:
            playing.call_off(engagement=show, reason=_("The troupe has ended."), by=by)
        else:
            for offer in Offer.objects.filter(engagement=show, organization=organization, state__in=OPEN):
                agreeing.decline(offer=offer, by=by)


def _of_resident(resident_id: UUID) -> EngagementQuerySet:
    """What has not begun, and they are on in."""
    return _to_come().filter(pk__in=Performer.objects.live().filter(resident_id=resident_id).values("engagement"))


def _of_troupe(organization: str) -> EngagementQuerySet:
    """What has not begun, and it plays or was asked for."""
    asked = Offer.objects.filter(organization=organization, state__in=OPEN)
    return _to_come().filter(Q(organization=organization) | Q(pk__in=asked.values("engagement")))


def _to_come() -> EngagementQuerySet:
    rows: EngagementQuerySet = Engagement.objects.ahead().filter(starts_at__gt=clock.now()).order_by("id")
    return rows


@transaction.atomic
def forget_person(*, resident_id: UUID, name: str, instead: str, by: Actor) -> None:
    """A person asked to be forgotten: their name goes from what others typed; line-ups and parts stay, without it."""
    require(by.is_system)
    write_over(Engagement.objects.all(), "title", "place", "note", "off_why", name=name, instead=instead)
    write_over(Offer.objects.all(), "words", name=name, instead=instead)
    write_over(Income.objects.all(), "given_back_why", name=name, instead=instead)
    if len(name) >= SHORTEST:
        for row in Engagement.objects.order_by("id").only(
            "id", "community", "customer"
        ):  # sealed: looked at one by one
            if name in row.customer:
                row.customer, row.phone = row.customer.replace(name, instead), ""
                row.save(update_fields=["customer", "phone"])
    hold(resident_id=resident_id)
