"""Whose messages are whose, and who works through the lists."""

from __future__ import annotations

from weiyifang.core.actors import Actor
from weiyifang.notices.models import Notice
from weiyifang.people.roles import Permission


def is_own(actor: Actor, notice: Notice) -> bool:
    """Was this told to the actor?"""
    if notice.resident_id is not None:
        return actor.resident_id == notice.resident_id
    return actor.account_id == notice.account_id


def can_tell(actor: Actor) -> bool:
    """Calls people and knocks at doors for the committee."""
    return actor.may(Permission.TELL_PEOPLE)
