"""What is promised of who left and by whom children were fetched, re-computed from the rows of the community at hand
(part of `verify`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from weiyifang.activities import events_passages
from weiyifang.activities.models import Fetcher, Passage
from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import source_of


def check() -> Iterator[Fault]:
    """What is broken of passages, and of who may fetch."""
    noted = Counter[tuple[str, str]]()
    for fact in facts.told(events_passages.PassagesNoted, events_passages.PassageVoided):
        noted[fact.subject, fact.values["way"]] += fact.values.get("passages", -1)
    rows = Passage.objects.select_related("fetcher")
    there = Counter[tuple[str, str]]()
    for row in rows.iterator():
        there[f"activities.session:{row.session_id}", row.way] += 1 if row.voids_id is None else -1
        if row.fetcher is not None and row.fetcher.resident_id != row.resident_id:
            yield Fault.of(row, check="activities.passages", what="fetched by somebody who was named for another child")
    for source, way in sorted(noted.keys() | there.keys()):
        if noted[source, way] != there[source, way]:
            what = f"{noted[source, way]} were noted ({way}), {there[source, way]} stand in the rows"
            yield Fault(check="activities.passages", where=source, what=what)
    told = {fact.subject for fact in facts.told(events_passages.HandedToAnother)}
    for row in rows.filter(voids=None, fetcher__at_the_door=True):
        if source_of(row) not in told:
            yield Fault.of(row, check="activities.passages", what="handed to somebody else, and no guardian was told")
    wanted = facts.due(
        {
            events_passages.FetcherNamed: lambda fact: {"resident_id": fact.id("resident_id"), "ended_at": None},
            events_passages.FetcherEnded: lambda _fact: {"ended_at": SOMETHING},
        }
    )
    named = Fetcher.objects.filter(at_the_door=False).only("resident_id", "ended_at").order_by("id")
    yield from facts.compare(named, wanted, check="activities.fetchers", untold="no guardian named this person")
