"""The draw that anyone can recompute. Nothing here knows a database: a sheet goes in, a sheet comes out.

The rule, exactly as the public page states it (docs/adr has what it proves and what not):

1. When enrolment opens, `seed` is chosen: 64 hexadecimal digits from the machine's randomness. Its commitment, the
   SHA-256 of these digits as text, is shown at once; the seed itself is secret until the draw.
2. Who enrols gets the next ticket number: 1, 2, 3 … One ticket, however many seats it is for.
3. When enrolment has closed, `list` is the SHA-256 of all tickets that stand, one `number seats` a line in order of the
   numbers, each line ended by a newline.
4. A ticket's key is the SHA-256 of the text `seed:list:number`. The lowest key is drawn first.
5. From the first drawn to the last, a ticket gets its seats if that many are left. One that needs more than are left
   is passed by `passes` later ones at most; then nobody else gets a seat. One that needs more than there are in all is
   in nobody's way. Whoever got none is the waiting list, in the order drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weiyifang.core.lots import digest, key, ordered

FORMAT = "weiyifang lottery 1"
Ticket = tuple[int, int]  # its number, and how many seats it is for


class NotASheet(ValueError):
    """A file that is no sheet of a draw."""


def listed(tickets: Iterable[Ticket]) -> str:
    """What stands for all tickets: rule 3."""
    return digest("".join(f"{number} {seats}\n" for number, seats in sorted(tickets)))


def seated(order: Iterable[Ticket], *, places: int, passes: int) -> list[int]:
    """The numbers that get their seats, in the order drawn: rule 5."""
    got, left, patience = list[int](), places, list[int]()
    for number, seats in order:
        if left <= 0:
            break
        if seats <= left:
            got.append(number)
            left -= seats
            patience = [times - 1 for times in patience]
            if 0 in patience:
                break
        elif seats <= places:
            if not passes:
                break
            patience.append(passes)
    return got


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One draw, as it is published: what went in, and what came out. It holds no name."""

    date: str  # which date it is of: the activity's number and the date's
    commitment: str
    seed: str
    list: str
    places: int
    passes: int
    tickets: tuple[Ticket, ...]
    order: tuple[int, ...]
    seated: tuple[int, ...]

    def text(self) -> str:
        """The file."""
        return json.dumps({"format": FORMAT, **vars(self)}, indent=1) + "\n"

    @property
    def rows(self) -> Sequence[tuple[int, int, int, str, bool]]:
        """Each ticket in the order drawn: its rank, number, seats, key, and whether it got them."""
        seats, got = dict(self.tickets), frozenset(self.seated)
        return [
            (rank, number, seats[number], key(self.seed, self.list, number), number in got)
            for rank, number in enumerate(self.order, start=1)
        ]


def draw(*, date: str, seed: str, places: int, passes: int, tickets: Iterable[Ticket]) -> Sheet:
    """Draw: the same input gives the same sheet, on every machine, for ever."""
    stand = tuple(sorted(tickets))
    of_all = listed(stand)
    seats = dict(stand)
    order = ordered(seed, of_all, [number for number, _seats in stand])
    return Sheet(
        date=date,
        commitment=digest(seed),
        seed=seed,
        list=of_all,
        places=places,
        passes=passes,
        tickets=stand,
        order=tuple(order),
        seated=tuple(seated([(number, seats[number]) for number in order], places=places, passes=passes)),
    )


def read(text: str) -> Sheet:
    """A file as `Sheet.text` wrote it. Raises `NotASheet`."""
    try:
        told: Mapping[str, Any] = json.loads(text)
        known = told["format"] == FORMAT
        sheet = Sheet(
            date=str(told["date"]),
            commitment=str(told["commitment"]),
            seed=str(told["seed"]),
            list=str(told["list"]),
            places=int(told["places"]),
            passes=int(told["passes"]),
            tickets=tuple((int(number), int(seats)) for number, seats in told["tickets"]),
            order=tuple(map(int, told["order"])),
            seated=tuple(map(int, told["seated"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotASheet(f"it is no sheet of a draw: {error!r}") from error
    if not known:
        raise NotASheet(f"its format is not {FORMAT!r}")
    return sheet


def faults(sheet: Sheet) -> list[str]:
    """What is wrong with a sheet, recomputed from what went in; empty when nothing is."""
    found = []
    if len({number for number, _seats in sheet.tickets}) < len(sheet.tickets):
        found.append("a ticket number stands there twice")
    if digest(sheet.seed) != sheet.commitment:
        found.append("the seed is not the one that was committed to")
    if listed(sheet.tickets) != sheet.list:
        found.append("the list of tickets is not the one that was hashed")
    again = draw(date=sheet.date, seed=sheet.seed, places=sheet.places, passes=sheet.passes, tickets=sheet.tickets)
    if again.order != sheet.order:
        found.append("the tickets are not in the order of their keys")
    if again.seated != sheet.seated:
        found.append("other tickets have seats than the order gives them to")
    return found
