"""An organization's documents: statutes, minutes, list of members. Its members see them, or everybody, one by one."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.files.models import What
from weiyifang.files.owners import Owner, Place
from weiyifang.organizations import queries, rules
from weiyifang.organizations.models import Organization

DOCUMENTS = "organizations.organization/documents"


def source_of_documents(organization: Organization) -> str:
    """What the documents of an organization belong to."""
    return f"{source_of(organization)}/documents"


def _place(pk: UUID) -> Place | None:
    row = Organization.objects.filter(pk=pk).first()
    return Place(reverse("organizations:manage", args=[row.number]), row.name) if row else None


def _may_change(pk: UUID, actor: Actor) -> bool:
    row = Organization.objects.filter(pk=pk).first()
    return row is not None and rules.can_manage(actor, row)


def _may_see(pk: UUID, actor: Actor) -> bool:
    return queries.belongs(pk, actor.resident_id) or _may_change(pk, actor)


OWNERS = {
    DOCUMENTS: Owner(
        may_see=_may_see,
        may_change=_may_change,
        place=_place,
        labels=(What.STATUTES, What.MINUTES, What.MEMBERS, What.OTHER),
        may_open=True,
    )
}
