"""Groups of people so small that somebody in them could be recognized: which of a table's rows are not said."""

from __future__ import annotations

from collections.abc import Sequence

FEWEST = 5  # people of a group that is counted by itself


def hidden(groups: Sequence[Sequence[int]]) -> set[int]:
    """The places of the rows that are not said, of groups that make up a whole which is said.

    Each row is a group as the counts of its parts (who came, who did not). A row with a part of one to four people is
    hidden. Where that is a single row it would follow from the sum of the others: the smallest of them is hidden too.
    """
    found = {place for place, parts in enumerate(groups) if any(0 < part < FEWEST for part in parts)}
    others = [place for place, parts in enumerate(groups) if sum(parts) and place not in found]
    if len(found) == 1 and others:
        found.add(min(others, key=lambda place: sum(groups[place])))
    return found
