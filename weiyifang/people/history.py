"""What the facts of this package are about, for who reads what happened.

Who may not see the register reads the number of a person, not the name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from weiyifang.core.actors import Actor
from weiyifang.core.timeline import Names, Subject
from weiyifang.people import queries, rules
from weiyifang.people.models import ConsentText, Duty, Purpose, Resident
from weiyifang.people.roles import ROLE_NAMES, Role


def residents(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """By name, with the way to their page; or by number."""
    sees = rules.can_see_residents(actor)
    rows = Resident.objects.filter(pk__in=ids).values_list("pk", "number", "name", "account_id")
    return {
        pk: Subject(name, "people:resident", (number,), account_id)
        if sees
        else Subject(_("resident no. %(number)d") % {"number": number}, account_id=account_id)
        for pk, number, name, account_id in rows
    }


def duties(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """What for whom."""
    rows = list(Duty.objects.filter(pk__in=ids))
    names = queries.names_of({row.account_id for row in rows})
    route = "people:duties" if rules.can_give_duties(actor) else ""
    return {row.pk: Subject(f"{ROLE_NAMES[Role(row.role)]} · {names.get(row.account_id, '')}", route) for row in rows}


def texts(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """What is asked for."""
    rows = ConsentText.objects.filter(pk__in=ids).values_list("pk", "purpose")
    route = "people:texts" if rules.can_publish_consent_texts(actor) else ""
    return {pk: Subject(str(Purpose(purpose).label), route) for pk, purpose in rows}


NAMES: Mapping[str, Names] = {
    Resident._meta.label_lower: residents,
    Duty._meta.label_lower: duties,
    ConsentText._meta.label_lower: texts,
}
