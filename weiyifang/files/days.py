"""Papers in the demo's year that belong to people: a child's guardian, with the paper that says so."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.files import demo, services
from weiyifang.people import living
from weiyifang.people import services as people
from weiyifang.people.living import Part
from weiyifang.people.models import RelationKind, Resident


class Days(living.Days):
    """On the last evening; papers of other rows are laid out by whose rows they are."""

    def prove_a_guardian(self, rng: random.Random, day: date) -> None:
        here, today, by = Resident.objects.living_here().order_by("number"), clock.today(), self.year.cast["staff"]
        child = here.filter(born_on__gt=today - timedelta(days=10 * 365)).first()
        grown = here.filter(born_on__lt=today - timedelta(days=25 * 365))
        guardian = grown.filter(household=child.household).first() or grown.first() if child else None
        if child and guardian:  # behind the same door, if there is one
            relation = people.relate(resident=child, helper=guardian, kind=RelationKind.GUARDIAN, by=by)
            services.add(owner=source_of(relation), brought=demo.sheet("proof.jpg"), what="proof", by=by)

    def parts(self) -> Iterator[Part]:
        yield Part(turn=93, do=self.prove_a_guardian, on=self.year.is_last, at="22:30")
