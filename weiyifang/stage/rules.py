"""Who may do what: the desk with every show, a troupe's leader with what it was asked for, who keeps the books."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from weiyifang.core.actors import Actor
from weiyifang.people.models import Resident
from weiyifang.people.roles import Permission
from weiyifang.people.rules import acts_for
from weiyifang.stage.models import TAKEN_ON, Engagement, EngagementQuerySet, Offer, Performer


def can_manage_all(actor: Actor) -> bool:
    """Put requests down, ask troupes, choose one."""
    return actor.may(Permission.KEEP_SHOWS)


def can_answer(actor: Actor, offer: Offer) -> bool:
    """Say yes or no for the organization that was asked."""
    return actor.may(Permission.KEEP_SHOWS, within=offer.organization)


def can_lead(actor: Actor, engagement: Engagement) -> bool:
    """Make up the line-up, say that it was held, call it off: the desk, and whoever leads the troupe that plays."""
    return actor.may(Permission.KEEP_SHOWS, within=engagement.organization)


def can_record_income(actor: Actor) -> bool:
    """Receive what was paid, and give it back: whoever records the fund's income, for a part of it is the fund's."""
    return actor.may(Permission.RECORD_INCOME)


def can_see_some(actor: Actor) -> bool:
    """The rule of the workbench's pages."""
    return actor.may_somewhere(Permission.KEEP_SHOWS) or can_record_income(actor)


def can_see_customer(actor: Actor, engagement: Engagement) -> bool:
    """Who wants it, and their phone: the desk, and the troupe that plays it."""
    return can_lead(actor, engagement)


def can_step_back(actor: Actor, resident: Resident) -> bool:
    """Oneself, and whom one is guardian or proxy of."""
    return acts_for(actor, resident.pk)


def can_see_card(actor: Actor, place: Performer) -> bool:
    """The card that thanks them: themselves, whoever acts for them, and whoever leads the troupe that played."""
    return acts_for(actor, place.resident_id) or can_lead(actor, place.engagement)


def visible_to(actor: Actor) -> EngagementQuerySet:
    """The desk all; a leader those their troupe was asked for; who keeps the books what was agreed."""
    rows: EngagementQuerySet = Engagement.objects.all()
    if can_manage_all(actor):
        return rows
    scopes = actor.scopes(Permission.KEEP_SHOWS) or frozenset()
    asked = Offer.objects.filter(engagement=OuterRef("pk"), organization__in=scopes)
    seen = Q(Exists(asked))
    if can_record_income(actor):
        seen |= Q(state__in=TAKEN_ON)
    return rows.filter(seen)
