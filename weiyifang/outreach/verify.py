"""Who looks after a grid, and what was noted of whom: told again from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from weiyifang.core import facts
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.outreach import events
from weiyifang.outreach.kinds import NEEDS, OUTCOMES
from weiyifang.outreach.models import Contact, Grid, SpecialNeed
from weiyifang.people import queries as people
from weiyifang.people.events import PersonErased
from weiyifang.people.models import Purpose
from weiyifang.people.roles import Role


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_contacts(), *_words(), *_needs(), *_workers()]


def _contacts() -> Iterator[Fault]:
    """A contact is what was noted; what was noted of somebody who is forgotten is gone, and nobody misses it."""
    gone = {fact.subject for fact in facts.told(PersonErased)}

    def noted(fact: facts.Told) -> Iterator[tuple[str, facts.Row]]:
        if fact.subject not in gone:
            row = {"resident_id": id_in(fact.subject), "outcome": fact.values["outcome"]}
            row["again_on"] = date.fromisoformat(fact.values["again_on"])
            yield f"outreach.contact:{fact.values['contact_id']}", row

    rows = facts.every(Contact, "resident", "outcome", "again_on")
    wanted = facts.due({events.ResidentContacted: noted})
    yield from facts.compare(rows, wanted, check="outreach.contacts", untold="nobody noted this")


def _words() -> Iterator[Fault]:
    """Every code that a row holds is or was on its list."""
    for model, field, words in ((Contact, "outcome", OUTCOMES), (SpecialNeed, "need", NEEDS)):
        known = {word.code for word in words.ever()}
        for row in facts.every(model, field):
            if (code := getattr(row, field)) not in known:
                yield Fault.of(row, check="outreach.words", what=f"has a code that no list names: {code}")


def _needs() -> Iterator[Fault]:
    """A need stands because somebody noted it, with a yes of the person that stands."""
    rows = list(facts.every(SpecialNeed, "resident"))
    agreed = people.who_consented({row.resident_id for row in rows}, Purpose.SENSITIVE)
    noted = {(fact.values["need_id"], id_in(fact.subject)) for fact in facts.told(events.SpecialNeedNoted)}
    for row in rows:
        if (str(row.pk), row.resident_id) not in noted:
            yield Fault.of(row, check="outreach.needs", what="nobody noted this")
        if row.resident_id not in agreed:
            yield Fault.of(row, check="outreach.needs", what="is kept without a consent that stands")


def _workers() -> Iterator[Fault]:
    """Whoever looks after a grid looks after one that is there: else they would see nobody, or a later one's people."""
    there = {source_of(grid) for grid in Grid.objects.only("id", "community")}
    for duty in people.duties_held().filter(role=Role.GRID_WORKER):
        if duty.scope not in there:
            yield Fault.of(duty, check="outreach.workers", what=f"is held in a grid that is not there: {duty.scope}")
