"""No figure tells of so few people that they could be recognized, nor lets them be reckoned from the others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weiyifang.core.small_groups import FEWEST, hidden

counts = st.integers(min_value=0, max_value=40)


@given(st.lists(st.tuples(counts, counts), max_size=8))
def test_a_small_part_is_never_said_and_never_alone_in_being_hidden(groups: list[tuple[int, int]]) -> None:
    unsaid = hidden(groups)
    for place, parts in enumerate(groups):
        if place not in unsaid:
            assert not any(0 < part < FEWEST for part in parts)
    others = [place for place, parts in enumerate(groups) if sum(parts) and place not in unsaid]
    assert len(unsaid) != 1 or not others, "it follows from the sum"


def test_groups_that_are_large_enough_are_all_said() -> None:
    assert hidden([(5, 5), (0, 100), (30, 0)]) == set()
    assert hidden([(4, 90), (50, 50), (20, 5)]) == {0, 2}, "the smallest of the others goes with it"
