"""A show that is wanted, or agreed, is said otherwise, or moved to another time; and who read the buyer's phone."""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.stage import events, queries, rules
from weiyifang.stage.models import Answer, Engagement, Offer, Performer, State
from weiyifang.stage.services.agreeing import NotAhead, Said, about, checked, locked
from weiyifang.stage.services.playing import end_place
from weiyifang.timetable import services as timetable

TIMES = ("starts_at", "ends_at")


class PurchaseSettled(Refused):
    """Whether it is a government purchase, said otherwise once it was agreed."""

    sentence = _(
        "Whether it is a government purchase was agreed with the troupe. Call the show off, and put it down anew."
    )


@transaction.atomic
def edit(*, engagement: Engagement, by: Actor, **said: Unpack[Said]) -> Engagement:
    """Say otherwise what is wanted, as long as it has not begun. Announces `EngagementEdited` when anything is.

    At another time, who would have played is asked again, for their price was for that day; of a line-up whoever has
    something else then is taken out, and the others keep their place (`EngagementMoved`, `PerformerSteppedBack`).

    Raises what `put_down` raises, `NotAhead` and `PurchaseSettled`.
    """
    row = locked(engagement)
    versions.check(row, by)
    require(rules.can_manage_all(by))
    if row.state not in {State.REQUESTED, State.AGREED} or row.has_begun:
        raise NotAhead()
    fields: dict[str, Any] = {**checked(said)}
    changed = tuple(name for name, value in fields.items() if getattr(row, name) != value)
    if row.is_agreed and "is_purchase" in changed:
        raise PurchaseSettled()
    if not changed:
        return row
    for name in changed:
        setattr(row, name, fields[name])
    row.sequence += 1
    row.save(update_fields=[*changed, "sequence"])
    if others := tuple(name for name in changed if name not in TIMES):
        announce(events.EngagementEdited(**about(row), changed=others, is_purchase=row.is_purchase), by=by)
    if {*TIMES} & {*changed}:
        _move(row, by=by)
    return row


def _move(engagement: Engagement, *, by: Actor) -> None:
    """Its time is another one."""
    offers = list(Offer.objects.filter(engagement=engagement, state=Answer.MADE).order_by("id"))
    states.move_all(offers, Answer.ASKED, flow={Answer.MADE: {Answer.ASKED}}, price_fen=0, words="", answered_at=None)
    on = list(Performer.objects.live().filter(engagement=engagement).select_related("resident").order_by("id"))
    for one in on:
        timetable.release(source=source_of(one), by=by)
    wanted = [
        (queries.subject_of(one.resident), engagement.starts_at, engagement.ends_at, source_of(one)) for one in on
    ]
    got = timetable.allocate_each(wanted=wanted, by=by)
    stays = [one for one in on if source_of(one) in got]
    fact = events.EngagementMoved(
        **about(engagement),
        starts_at=engagement.starts_at,
        ends_at=engagement.ends_at,
        organization=engagement.organization,
        offers=tuple(one.pk for one in offers),
        residents=tuple(one.resident_id for one in stays),
    )
    announce(fact, by=by)
    for one in on:
        if one not in stays:
            end_place(engagement, one, by=by)


@transaction.atomic
def read_phone(*, engagement: Engagement, by: Actor) -> None:
    """Note that somebody reads the phone of who wants it. Announces `CustomerPhoneRead`."""
    row = Engagement.objects.get(pk=engagement.pk)
    require(rules.can_see_customer(by, row))
    announce(events.CustomerPhoneRead(**about(row)), by=by)


def what_moves(engagement: Engagement, said: Any) -> tuple[int, list[str]]:
    """Before it is moved: how many troupes are asked again, and who of the line-up has something else then."""
    if all(getattr(engagement, name) == said[name] for name in TIMES):
        return 0, []
    asked = Offer.objects.filter(engagement=engagement, state=Answer.MADE).count()
    there = Engagement(starts_at=said["starts_at"], ends_at=said["ends_at"])
    on = queries.line_up_of(engagement)
    sources = {source_of(one) for one in on}
    busy = queries.busy_at(there, [one.resident for one in on], but_for=sources) if on else set()
    return asked, [one.resident.name for one in on if one.resident_id in busy]
