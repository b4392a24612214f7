"""What the facts of this package are about: the kind of work, and nothing of what is in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from weiyifang.core import long_work
from weiyifang.core.actors import Actor
from weiyifang.core.timeline import Names, Subject
from weiyifang.errands.models import Errand


def errands(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """By kind; looked at by whoever asked for it alone."""
    rows = Errand.objects.filter(pk__in=ids).values_list("pk", "kind", "asked_by_id")
    return {
        pk: Subject(str(long_work.kind(kind).title), "errands:errand" if asker == actor.account_id else "", (pk,))
        for pk, kind, asker in rows
    }


NAMES: Mapping[str, Names] = {Errand._meta.label_lower: errands}
