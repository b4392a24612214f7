"""Who may do what: members look, residents ask, the two answer and thank, the committee keeps the list."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from weiyifang.core.actors import Actor
from weiyifang.people.models import Resident
from weiyifang.people.roles import Permission
from weiyifang.people.rules import acts_for
from weiyifang.talents.models import Talent, TalentRequest, Thanks


def can_manage_all(actor: Actor) -> bool:
    """Put people down at the desk, note what they answered, see every request."""
    return actor.may(Permission.KEEP_TALENTS)


def can_manage_some(actor: Actor) -> bool:
    """Looks for people who could do something, for the committee or an organization: the rule of the workbench."""
    return actor.may_somewhere(Permission.KEEP_TALENTS)


def can_put_down(actor: Actor, resident: Resident) -> bool:
    """Oneself, whom one is guardian or proxy of, and anybody at the desk."""
    return can_manage_all(actor) or acts_for(actor, resident.pk)


def can_ask_some(actor: Actor) -> bool:
    """For oneself, for an organization one leads, or for the committee."""
    return actor.resident_id is not None or can_manage_some(actor)


def can_ask_for(actor: Actor, organization: str) -> bool:
    """In the name of an organization (a source); "" is the committee."""
    return actor.may(Permission.KEEP_TALENTS, within=organization)


def is_asker(actor: Actor, request: TalentRequest) -> bool:
    """Who asked; for an organization or the committee whoever may ask for it."""
    if request.of or request.resident_id is None:
        return can_ask_for(actor, request.of)
    return actor.is_system or actor.resident_id == request.resident_id


def is_asked(actor: Actor, request: TalentRequest) -> bool:
    """The talent, or who may act for them."""
    return acts_for(actor, request.talent.resident_id)


def can_answer(actor: Actor, request: TalentRequest) -> bool:
    """The talent, who may act for them, and the desk, which notes what they said."""
    return can_manage_all(actor) or is_asked(actor, request)


def can_see(actor: Actor, request: TalentRequest) -> bool:
    """The two, and the committee."""
    return can_answer(actor, request) or is_asker(actor, request)


def can_take_back(actor: Actor, thanks: Thanks) -> bool:
    """Whoever wrote it, whom it thanks, and the committee."""
    return can_see(actor, thanks.request)


def requests_of(actor: Actor) -> QuerySet[TalentRequest]:
    """For the workbench: the committee all, a leader those of their organization."""
    scopes = actor.scopes(Permission.KEEP_TALENTS)
    rows: QuerySet[TalentRequest] = TalentRequest.objects.all()
    return rows if scopes is None else rows.filter(Q(of__in=scopes) & ~Q(of=""))


def can_be_asked(talent: Talent) -> bool:
    """On the list, and open to it."""
    return not talent.is_over and talent.takes_requests
