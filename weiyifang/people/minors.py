"""Who is not let go alone, and who their guardians are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from weiyifang.people.models import GUARDIANS, Relation, RelationKind, Resident


def not_let_go_alone(*, most: int, on: date) -> QuerySet[Resident]:
    """Children up to so many full years on that day, and grown-ups who have a guardian."""
    wards = Relation.objects.lasting().filter(kind=RelationKind.APPOINTED, resident=OuterRef("pk"))
    children = Resident.objects.get_queryset().aged(most=most, on=on)
    return Resident.objects.filter(Q(pk__in=children.values("pk")) | Exists(wards))


def guardians_of(resident_ids: Collection[UUID]) -> dict[UUID, list[Resident]]:
    """The guardians of each of these today, in the order in which they were noted; one query."""
    found = defaultdict[UUID, list[Resident]](list)
    rows = Relation.objects.acting().filter(resident__in=resident_ids, kind__in=GUARDIANS).select_related("helper")
    for row in rows.order_by("id"):
        found[row.resident_id].append(row.helper)
    return dict(found)


def is_guardian(helper_id: UUID | None, resident_id: UUID) -> bool:
    """May this person say who fetches the other, as their guardian today?"""
    rows = Relation.objects.acting().filter(kind__in=GUARDIANS, helper=helper_id, resident=resident_id)
    return helper_id is not None and rows.exists()


def was_ever_guardian(helper_id: UUID, resident_id: UUID) -> bool:
    """Is this a guardian of theirs, now or formerly?"""
    return Relation.objects.filter(kind__in=GUARDIANS, helper=helper_id, resident=resident_id).exists()
