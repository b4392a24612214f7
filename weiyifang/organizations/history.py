"""What the facts of this package are about, for who reads what happened: the organization."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from weiyifang.core.tenancy import CommunityModel
from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.core.web.access import anyone
from weiyifang.organizations import rules
from weiyifang.organizations.models import JoinRequest, Membership, Organization


def _called(model: type[CommunityModel], to: str) -> Names:
    """By the organization's name; `to` is the way there from the model, as a lookup begins."""
    bench = Way(route="organizations:manage", args=(f"{to}number",), rule=rules.can_manage_all)
    is_public = Q((f"{to}filed_on__isnull", False))
    page = Way(route="organizations:detail", args=(f"{to}number",), rule=anyone, only=is_public)
    return named_by(model, f"{to}name", bench, page)


NAMES: Mapping[str, Names] = {
    Organization._meta.label_lower: _called(Organization, ""),
    Membership._meta.label_lower: _called(Membership, "organization__"),
    JoinRequest._meta.label_lower: _called(JoinRequest, "organization__"),
}
