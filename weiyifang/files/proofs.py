"""The papers that show who acts for whom: they lie with the relation, sealed, and are the ward's.

A birth certificate, a court's ruling, a letter of attorney: names, numbers and health stand in them.
"""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from weiyifang.core.actors import Actor
from weiyifang.files.models import What
from weiyifang.files.owners import Owner, Place
from weiyifang.people import queries, rules
from weiyifang.people.models import Resident


def _place(pk: UUID) -> Place | None:
    row = queries.relation(pk)
    if row is None:
        return None
    address = reverse("people:resident", kwargs={"number": row.resident.number})
    return Place(address, f"{row.resident.name} · {row.get_kind_display()} {row.helper.name}")


def _about(pk: UUID) -> Resident | None:
    row = queries.relation(pk)
    return row.resident if row else None


def _may_see(_pk: UUID, actor: Actor) -> bool:
    return rules.can_read_sensitive(actor)


def _may_change(_pk: UUID, actor: Actor) -> bool:
    return rules.can_manage_residents(actor)


OWNERS = {
    "people.relation": Owner(
        may_see=_may_see, may_change=_may_change, place=_place, labels=(What.PROOF, What.OTHER), about=_about
    )
}
