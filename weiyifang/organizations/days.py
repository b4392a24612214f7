"""Organizations in the demo's year: 43 of them on the first morning, and what waits for them on the last evening."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.files import demo as drawn
from weiyifang.files import services as files
from weiyifang.organizations import demo
from weiyifang.organizations.models import Organization
from weiyifang.organizations.papers import source_of_documents
from weiyifang.people import demo as people_demo
from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident

LED = "摄友之家"  # what the cast's organization leader leads
CHOIR = "南湖合唱团"  # where the cast's resident sings


class Days(living.Days):
    """After the register, and before whatever an organization does."""

    def string_of_pearls(self, rng: random.Random, day: date) -> None:
        leader = Resident.objects.filter(account__username="leader").first()
        demo.make_organizations(rng, by=system(), leader=leader)
        people_demo.make_cast(self.year.community, leader_of=source_of(Organization.objects.get(name=LED)))
        sings = Resident.objects.get(account__username="resident")
        demo.join(resident=sings, name=CHOIR, by=system())

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        demo.leave_on_the_desk(rng, name=LED)

    def lay_out_documents(self, rng: random.Random, day: date) -> None:
        by = self.year.cast["staff"]
        for organization in Organization.objects.filter(name__in=(CHOIR, LED)).order_by("number"):
            documents = source_of_documents(organization)
            files.add(owner=documents, brought=drawn.sheet("statutes.pdf"), what="statutes", is_open=True, by=by)
            files.add(owner=documents, brought=drawn.sheet("minutes.jpg"), what="minutes", by=by)

    def parts(self) -> Iterator[Part]:
        yield Part(turn=20, do=self.string_of_pearls, at="07:20", opens="organizations")
        yield Part(turn=72, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
        yield Part(turn=92, do=self.lay_out_documents, on=self.year.is_last, at="22:30")
