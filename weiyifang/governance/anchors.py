"""Anchors: the heads of the chains, kept where whoever owns this database cannot change them.

A chain shows a change in its middle, and not that its end was cut off, or that all of it was made anew. Who kept a head
from before can show both. A head is one line of text, to be printed, sent, or fetched by another machine:

    2026-11-29T18:45:00Z 500108002001 journal 431 401233 9f0c…

the moment, the community, the chain, the number of its newest block or seal, how many rows it covers, and the hash, of
which the first 32 digits are enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import F, Sum, Window

from weiyifang.core.faults import Fault
from weiyifang.core.journal import Head
from weiyifang.core.models import Block
from weiyifang.core.tenancy import current_community_id
from weiyifang.governance.models import Anchor
from weiyifang.ledger import queries as ledger

SUFFIX = ".anchors"
FEWEST_DIGITS = 32  # of a hash, which is 128 bits: nobody finds another history with the same beginning


class NotAnAnchor(ValueError):
    """A line that is none."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One head that somebody kept."""

    at: datetime
    community_id: int
    chain: str
    number: int
    rows: int
    hash: str

    def __str__(self) -> str:
        return Head(self.chain, self.number, self.hash, self.rows).line(self.at, self.community_id)


def parse(line: str) -> Kept:
    """What a line says; raises `NotAnAnchor`."""
    try:
        moment, community_id, chain, number, rows, hash_ = line.split()
        return Kept(
            at=datetime.fromisoformat(moment),
            community_id=int(community_id),
            chain=chain,
            number=int(number),
            rows=int(rows),
            hash=hash_,
        )
    except ValueError as error:
        raise NotAnAnchor(f"this is no line of anchors: {line.strip()[:120]!r}") from error


def read(path: Path) -> list[Kept]:
    """Every anchor in a file, or in the files of a folder. Raises `NotAnAnchor`, and OSError when it cannot be read."""
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    lines = (line for file in files for line in file.read_text("utf-8").splitlines())
    return [parse(line) for line in lines if line.strip()]


def here() -> list[Kept]:
    """The anchors that the database itself keeps of the community at hand."""
    return [
        Kept(
            at=row.at,
            community_id=row.community_id,
            chain=row.chain,
            number=row.number,
            rows=row.rows,
            hash=row.hash,
        )
        for row in Anchor.objects.order_by("at", "chain")
    ]


def compare(kept: Iterable[Kept]) -> Iterator[Fault]:
    """A fault for each anchor of the community at hand that its chains do not hold any more."""
    mine = {one for one in kept if one.community_id == current_community_id() and one.number}
    for chain in sorted({one.chain for one in mine}):
        of_chain = sorted((one for one in mine if one.chain == chain), key=lambda one: (one.number, one.at))
        found = _stands(chain, {one.number for one in of_chain})
        for one in of_chain:
            if one.number not in found:
                what = f"number {one.number}, kept on {one.at:%Y-%m-%d %H:%M}, is gone: the end was cut off"
            elif not _is_same(found[one.number], one):
                what = f"number {one.number} is another than the one kept on {one.at:%Y-%m-%d %H:%M}"
            else:
                continue
            yield Fault(check="anchors", where=chain, what=what)


def _is_same(found: tuple[int, str], kept: Kept) -> bool:
    """A hash that was kept shortened is compared as far as it goes, if that is far enough."""
    rows, hash_ = found
    return rows == kept.rows and len(kept.hash) >= FEWEST_DIGITS and hash_.startswith(kept.hash)


def _stands(chain: str, numbers: set[int]) -> dict[int, tuple[int, str]]:
    """Number → rows covered up to there, and hash, as the chain says now."""
    if chain == "journal":
        sums = Block.objects.annotate(covers=Window(Sum("rows"), order_by=F("number").asc()))
        rows = sums.values_list("number", "covers", "hash")
        return {number: (int(covers), hash_) for number, covers, hash_ in rows if number in numbers}
    seals = ledger.hashes(chain.removeprefix("ledger."), numbers)
    return {number: (number, hash_) for number, hash_ in seals.items()}
