"""Hours and time given on, told again from the facts, and both books of minutes beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from weiyifang.core import facts
from weiyifang.core.facts import Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import CommunityModel, source_of
from weiyifang.ledger import queries as ledger
from weiyifang.volunteering import events, parting, queries
from weiyifang.volunteering.models import GiftState, Hours, HoursState, TimeGift, TimeHeir
from weiyifang.volunteering.services.minutes import BACK, CREDITED, WORKED

POSTED = (HoursState.APPROVED, HoursState.TAKEN_BACK)


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_hours(), *_by_two(), *_gifts(), *_heirs(), *_left_behind(), *_books()]


def _hours() -> Iterator[Fault]:
    """Hours say what was noted, and count only if somebody approved them and nobody took them back."""

    def noted(fact: Told) -> Iterator[tuple[str, Row]]:
        said = (fact.values[name] for name in ("hours", "slots", "volunteers", "came", "left", "credited"))
        for pk, slot, volunteer, came, left, credited in zip(*said, strict=True):
            came_at, left_at = datetime.fromisoformat(came), datetime.fromisoformat(left)
            yield (
                f"volunteering.hours:{pk}",
                {
                    "slot_id": UUID(slot),
                    "volunteer_id": UUID(volunteer),
                    "came_at": came_at,
                    "left_at": left_at,
                    "minutes": (left_at - came_at) // timedelta(minutes=1),
                    "credited": credited,
                    "state": HoursState.NOTED,
                },
            )

    def approved(fact: Told) -> list[tuple[str, Row]]:
        return [(f"volunteering.hours:{pk}", {"state": HoursState.APPROVED}) for pk in fact.values["hours"]]

    wanted = facts.due(
        {
            events.HoursNoted: noted,
            events.HoursApproved: approved,
            events.HoursRefused: lambda _fact: {"state": HoursState.REFUSED},
            events.HoursTakenBack: lambda _fact: {"state": HoursState.TAKEN_BACK},
        }
    )
    names = "slot", "volunteer", "came_at", "left_at", "minutes", "credited", "state"
    rows = facts.every(Hours, *names)
    yield from facts.compare(rows, wanted, check="volunteering.hours", untold="nobody noted them")


def _by_two() -> Iterator[Fault]:
    """Nobody approved what they noted, as the facts have it; a fact cannot be rewritten with the row."""
    noted: dict[str, UUID | None] = {}
    for fact in facts.told(events.HoursNoted, events.HoursApproved):
        for pk in fact.values["hours"]:
            if fact.kind == events.HoursNoted.__name__:
                noted[pk] = fact.by
            elif fact.by is not None and noted.get(pk) == fact.by:
                what = "was approved by whoever noted it"
                yield Fault(check="volunteering.by_two", where=f"volunteering.hours:{pk}", what=what)


def _gifts() -> Iterator[Fault]:
    """Time was given on by whom the facts say, and went back only if somebody took it back."""
    wanted = facts.due(
        {
            events.TimeGiven: lambda fact: _gift(fact, is_left=False),
            events.TimeLeft: lambda fact: _gift(fact, is_left=True),
            events.TimeTakenBack: lambda _fact: {"state": GiftState.TAKEN_BACK},
            events.TimeCameBack: lambda _fact: {"state": GiftState.TAKEN_BACK},
        }
    )
    rows = facts.every(TimeGift, "giver", "receiver", "minutes", "is_left", "state")
    yield from facts.compare(rows, wanted, check="volunteering.gifts", untold="nobody gave it")


def _gift(fact: Told, *, is_left: bool) -> Row:
    both = {name: fact.id(name) for name in ("giver_id", "receiver_id")}
    return {**both, "minutes": fact.values["minutes"], "is_left": is_left, "state": GiftState.GIVEN}


def _heirs() -> Iterator[Fault]:
    """Who is to have saved time is whom the facts name."""
    wanted = facts.due(
        {
            events.TimeHeirNamed: lambda fact: {
                "giver_id": fact.id("giver_id"),
                "receiver_id": fact.id("receiver_id"),
            }
        }
    )
    rows = facts.every(TimeHeir, "giver", "receiver")
    yield from facts.compare(rows, wanted, check="volunteering.heirs", untold="nobody named them")


def _left_behind() -> Iterator[Fault]:
    """Nobody who is gone for good still has time; the job of the night has two to do it in."""
    for pk in parting.gone_with_time(since=timedelta(days=2)):
        what = "is gone for good, and has time in the time bank that went to nobody"
        yield Fault(check="volunteering.left_behind", where=queries.person(pk), what=what)


def _books() -> Iterator[Fault]:
    """What the books have is what was approved and given on, to the minute; what was taken back went back."""
    for code, wanted in _due().items():
        book = ledger.book(code)
        posted = ledger.posted(book) if book else {}
        for source in sorted({*wanted, *posted}):
            if wanted.get(source) != posted.get(source):
                what = f"the book {code!r} has {posted.get(source, 0)} minutes, and {wanted.get(source, 0)} are due"
                yield Fault(check="volunteering.minutes", where=source, what=what)


def _due() -> dict[str, dict[str, int]]:
    """What each book must have: minutes by source."""
    due: dict[str, dict[str, int]] = {WORKED: {}, CREDITED: {}}

    def note(code: str, row: CommunityModel, amount: int, *, back: bool) -> None:
        sources = [source_of(row), source_of(row) + BACK] if back else [source_of(row)]
        due[code].update(dict.fromkeys(sources if amount else (), amount))

    for row in facts.every(Hours, "minutes", "credited", "state"):
        if row.state in POSTED:
            back = row.state == HoursState.TAKEN_BACK
            note(WORKED, row, row.minutes, back=back)
            note(CREDITED, row, row.credited, back=back)
    for gift in facts.every(TimeGift, "minutes", "state"):
        note(CREDITED, gift, gift.minutes, back=gift.state == GiftState.TAKEN_BACK)
    return due
