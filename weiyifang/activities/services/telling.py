"""Words to people: what whoever runs an activity writes to those it concerns, and the reminder of the day before."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, queries, rules
from weiyifang.activities.models import Message, Session, SessionState, Whom
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.forgetting import write_over
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require


class NobodyThere(Refused):
    """Written to a group nobody is in."""

    sentence = _("Nobody is in this group, so nobody would read it. Choose another one.")


@transaction.atomic
def write_to(*, session: Session, whom: str, words: str, by: Actor) -> Message:
    """Write to everybody of a group of a date (of a term: of the term), and to whoever acts for them.

    Raises `NobodyThere`. Announces `MessageWritten`.
    """
    require(rules.can_manage(by, session.activity))
    people = len(queries.addressees(session, whom))
    if not people:
        raise NobodyThere()
    message = Message(session=session, whom=Whom(whom), words=words, people=people, written_by_id=by.account_id)
    message.save(force_insert=True)
    announce(
        events.MessageWritten(subject=source_of(message), session_id=session.pk, whom=str(message.whom), people=people),
        by=by,
    )
    return message


@transaction.atomic
def remind(*, by: Actor) -> int:
    """Remind whoever comes tomorrow, once for each date and time it is at. Returns how many dates that were.

    A date moved to another day afterwards is reminded of again. Announces `SessionReminded` for each.
    """
    tomorrow = Session.objects.on(clock.today() + timedelta(days=1)).shown().filter(state=SessionState.PLANNED)
    held = tomorrow.select_for_update(no_key=True, of=("self",)).select_related("activity").order_by("id")
    due = [one for one in held if one.reminded_for != one.starts_at and one.activity.places]
    with announced_together():
        for session in due:
            session.reminded_for = session.starts_at
            session.save(update_fields=["reminded_for"])
            fact = events.SessionReminded(
                subject=source_of(session), activity_id=session.activity_id, starts_at=session.starts_at
            )
            announce(fact, by=by)
    return len(due)


def forget_in_messages(*, name: str, instead: str) -> int:
    """Part of forgetting a person: another name stands wherever a message says theirs. Returns how many did."""
    return write_over(Message.objects.all(), "words", name=name, instead=instead)
