"""Whom talents reach: a neighbour for whom one of them did something, at a time both had agreed on."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.people.reaching import Reached
from weiyifang.talents.models import RequestState, TalentRequest


def _was_done() -> QuerySet[TalentRequest]:
    """What was asked for oneself, not for an organization; without a time nobody knows whether it took place."""
    return TalentRequest.objects.filter(state=RequestState.ACCEPTED, of="").exclude(ends_at=None)


REACHED = (Reached(code="talents", words=_("was helped by a talent"), rows=_was_done, moment="ends_at"),)
