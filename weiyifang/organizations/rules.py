"""Who may do what with an organization: the committee with all, a leader within their own."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.organizations.models import Organization, OrganizationQuerySet, Status
from weiyifang.people.roles import Permission


def can_manage_all(actor: Actor) -> bool:
    """File, register, dissolve; appoint leaders; see every register."""
    return actor.may(Permission.MANAGE_ORGANIZATIONS)


def can_manage(actor: Actor, organization: Organization) -> bool:
    """Edit what is said about it, keep its members, answer who asks to join."""
    return can_manage_all(actor) or actor.may(Permission.MANAGE_OWN_ORGANIZATION, within=source_of(organization))


def can_manage_some(actor: Actor) -> bool:
    """Has any organization to look after: the rule of the workbench's list."""
    return can_manage_all(actor) or actor.may_somewhere(Permission.MANAGE_OWN_ORGANIZATION)


def can_apply(actor: Actor) -> bool:
    """Every resident may, for themselves; the committee for anybody."""
    return actor.resident_id is not None or can_manage_all(actor)


def can_see(actor: Actor, organization: Organization) -> bool:
    """An application is seen by who applied and who decides; what was ever filed by everyone."""
    if organization.filed_on is not None or can_manage(actor, organization):
        return True
    return actor.resident_id is not None and organization.leader_id == actor.resident_id


def is_public(pk: UUID) -> bool:
    """May everybody see this organization, and so its pictures? Also one that has ended."""
    return Organization.objects.shown().filter(pk=pk).exists()


def can_see_pictures(pk: UUID, actor: Actor) -> bool:
    """Whoever sees the organization."""
    found = Organization.objects.filter(pk=pk).first()
    return found is not None and can_see(actor, found)


def visible_to(actor: Actor) -> OrganizationQuerySet:
    """As `can_see`, for lists."""
    if can_manage_all(actor):
        return Organization.objects.all()
    own = Q(filed_on__isnull=False) | Q(pk__in=_own(actor))
    if actor.resident_id is not None:
        own |= Q(leader_id=actor.resident_id)
    return Organization.objects.filter(own)


def manageable_by(actor: Actor) -> OrganizationQuerySet:
    """As `can_manage`, for lists."""
    return Organization.objects.all() if can_manage_all(actor) else Organization.objects.filter(pk__in=_own(actor))


def takes_members(organization: Organization) -> bool:
    """Is it at work, so that people can ask to join?"""
    return organization.status in {Status.FILED, Status.REGISTERED}


def _own(actor: Actor) -> list[UUID]:
    scopes = actor.scopes(Permission.MANAGE_OWN_ORGANIZATION) or frozenset()
    return [id_in(scope) for scope in sorted(scopes) if scope.startswith("organizations.organization:")]
