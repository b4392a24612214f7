"""The sharing out of weekly slots that anyone can recompute. Nothing here knows a database: a sheet goes in and out.

The rule, exactly as the public page of a round states it:

1. When the round opens, a seed is chosen and committed to (`core.lots`); it is secret until slots are shared out.
2. Each organization that applies has the next ticket number: 1, 2, 3 … It says how many slots a week it would use, and
   its wishes: first, second, third. A wish for any room (or instrument) is a choice among all of the round.
3. Applications have closed. Of each choice the sheet says on how many dates of the season it would be (`of`: public
   holidays that were announced are left out) and on which of them it can be had (`dates`: nothing else stands in the
   calendar then, buffers included). It fits the calendar when it can be had on half of them at least.
4. `list` is the SHA-256 of the JSON text `[week_minutes,things,tickets]` as it stands in the sheet, without spaces. A
   ticket's key is the SHA-256 of the text `seed:list:ticket`; the lowest key is first in the order.
5. In this order each ticket gets the first of its wishes that fits; only then, again in this order, each a second slot,
   and so on, as many as it would use. A choice fits when it fits the calendar, when no slot given before is of the same
   thing (or of its whole, or its part) on that weekday at that time, the minutes kept free before and after included,
   and when the organization has no more than `week_minutes` then: its slots and `has`, the most it has booked already
   in any week of the season. Of several choices for one wish it is the thing with the lowest number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from weiyifang.core.lots import digest, ordered

FORMAT = "weiyifang slots 1"
TICKET = ("ticket", "organization", "slots", "has")  # what of each is a number
CHOICE = ("rank", "thing", "weekday", "begins", "ends", "of")


class NotASheet(ValueError):
    """A file that is no sheet of a round."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """By its number: the minutes kept free around what is booked, and the numbers of the parts it is made of."""

    number: int
    before: int
    after: int
    parts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way to fulfil the wish of this rank. `begins`, `ends`: minutes since midnight; `dates`: ISO days."""

    rank: int
    thing: int
    weekday: int  # 1 is Monday
    begins: int
    ends: int
    of: int
    dates: tuple[str, ...]

    @property
    def fits_the_calendar(self) -> bool:
        """It can be had on at least half of the dates."""
        return bool(self.dates) and 2 * len(self.dates) >= self.of

    @property
    def days(self) -> list[date]:
        """When it can be had."""
        return [date.fromisoformat(one) for one in self.dates]


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """`slots`: how many a week it would use at most; `has`: minutes a week it has already."""

    ticket: int
    organization: int
    slots: int
    has: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Given:
    """`turn` 1: its first slot."""

    turn: int
    ticket: int
    rank: int
    thing: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sharing out, as it is published: what went in, and what came out. It holds no name of a person."""

    round: int
    commitment: str
    seed: str
    list: str
    week_minutes: int
    things: tuple[Thing, ...]
    tickets: tuple[Ticket, ...]
    order: tuple[int, ...]
    given: tuple[Given, ...]

    def text(self) -> str:
        """The file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n"

    def choice(self, given: Given) -> Choice:
        """What was given."""
        of = next(one for one in self.tickets if one.ticket == given.ticket)
        return next(one for one in of.choices if (one.rank, one.thing) == (given.rank, given.thing))


def listed(week_minutes: int, things: tuple[Thing, ...], tickets: tuple[Ticket, ...]) -> str:
    """What stands for everything that goes in: rule 4."""
    plain = [week_minutes, [asdict(one) for one in things], [asdict(one) for one in tickets]]
    return digest(json.dumps(plain, separators=(",", ":")))


def share_out(
    *, number: int, seed: str, week_minutes: int, things: tuple[Thing, ...], tickets: tuple[Ticket, ...]
) -> Sheet:
    """Share out: the same input gives the same sheet, on every machine, for ever."""
    of_all = listed(week_minutes, things, tickets)
    order = ordered(seed, of_all, [one.ticket for one in tickets])
    return Sheet(
        round=number,
        commitment=digest(seed),
        seed=seed,
        list=of_all,
        week_minutes=week_minutes,
        things=things,
        tickets=tickets,
        order=tuple(order),
        given=tuple(_given(order, week_minutes, things, tickets)),
    )


def _given(
    order: list[int], week_minutes: int, things: tuple[Thing, ...], tickets: tuple[Ticket, ...]
) -> Iterator[Given]:
    """Rule 5."""
    by_number, by_ticket = {one.number: one for one in things}, {one.ticket: one for one in tickets}
    taken: list[Choice] = []
    minutes = {one.ticket: one.has for one in tickets}
    served: dict[int, set[int]] = {one.ticket: set() for one in tickets}
    for turn in range(1, max((one.slots for one in tickets), default=0) + 1):
        for number in order:
            ticket = by_ticket[number]
            if len(served[number]) != turn - 1 or turn > ticket.slots:
                continue
            for choice in sorted(ticket.choices, key=lambda one: (one.rank, one.thing)):
                length = choice.ends - choice.begins
                if (
                    choice.rank not in served[number]
                    and choice.fits_the_calendar
                    and minutes[number] + length <= week_minutes
                    and not any(_clash(choice, other, by_number) for other in taken)
                ):
                    taken.append(choice)
                    minutes[number] += length
                    served[number].add(choice.rank)
                    yield Given(turn=turn, ticket=number, rank=choice.rank, thing=choice.thing)
                    break


def _clash(one: Choice, other: Choice, things: Mapping[int, Thing]) -> bool:
    mine, theirs = things[one.thing], things[other.thing]
    return (
        one.weekday == other.weekday
        and (mine == theirs or mine.number in theirs.parts or theirs.number in mine.parts)
        and one.begins - mine.before < other.ends + theirs.after
        and other.begins - theirs.before < one.ends + mine.after
    )


def read(text: str) -> Sheet:
    """A file as `Sheet.text` wrote it. Raises `NotASheet`."""
    try:
        told: Mapping[str, Any] = json.loads(text)
        known = told["format"] == FORMAT
        sheet = Sheet(
            round=int(told["round"]),
            commitment=str(told["commitment"]),
            seed=str(told["seed"]),
            list=str(told["list"]),
            week_minutes=int(told["week_minutes"]),
            things=tuple(
                Thing(parts=tuple(map(int, one["parts"])), **_ints(one, "number", "before", "after"))
                for one in told["things"]
            ),
            tickets=tuple(
                Ticket(choices=tuple(map(_choice, one["choices"])), **_ints(one, *TICKET)) for one in told["tickets"]
            ),
            order=tuple(map(int, told["order"])),
            given=tuple(Given(**_ints(one, "turn", "ticket", "rank", "thing")) for one in told["given"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotASheet(f"it is no sheet of a round: {error!r}") from error
    if not known:
        raise NotASheet(f"its format is not {FORMAT!r}")
    return sheet


def _choice(told: Mapping[str, Any]) -> Choice:
    return Choice(dates=tuple(map(str, told["dates"])), **_ints(told, *CHOICE))


def _ints(told: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: int(told[name]) for name in names}


def faults(sheet: Sheet) -> list[str]:
    """What is wrong with a sheet, recomputed from what went in; empty when nothing is."""
    found = []
    known = {one.number for one in sheet.things}
    if len({one.ticket for one in sheet.tickets}) < len(sheet.tickets):
        return ["a ticket number stands there twice"]
    if any(choice.thing not in known for one in sheet.tickets for choice in one.choices):
        return ["somebody wishes for a thing that is not shared out"]
    if digest(sheet.seed) != sheet.commitment:
        found.append("the seed is not the one that was committed to")
    if listed(sheet.week_minutes, sheet.things, sheet.tickets) != sheet.list:
        found.append("the list of what went in is not the one that was hashed")
    again = share_out(
        number=sheet.round,
        seed=sheet.seed,
        week_minutes=sheet.week_minutes,
        things=sheet.things,
        tickets=sheet.tickets,
    )
    if again.order != sheet.order:
        found.append("the tickets are not in the order of their keys")
    if again.given != sheet.given:
        found.append("other slots were given than the rule gives")
    return found
