from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from weiyifang.ledger import chain
from weiyifang.ledger.models import Side

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.uuids(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    texts,
    texts.map(SafeString),
    st.sampled_from(Side),
)


def by_the_description(*content: Any) -> str:
    """The module's own words, with nothing but the library."""
    plain = [value if value is None or isinstance(value, (int, str)) else str(value) for value in content]
    written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@given(shared=st.lists(values, min_size=1), rest=st.lists(values, min_size=1))
def test_what_is_hashed_is_json_byte_for_byte(shared: list[Any], rest: list[Any]) -> None:
    expected = by_the_description(*shared, *rest)
    assert chain.content_hash(*shared, *rest) == expected
    assert chain.ContentHashes(*shared)(*rest) == expected


def test_the_hashes_of_yesterday_are_those_of_today() -> None:
    """Published roots stand on them: a change here breaks every chain there is."""
    one, moment = UUID(int=1), datetime(2026, 3, 10, 8, tzinfo=UTC)
    content = chain.content_hash(
        500108002001, one, one, one, one, 5, "s:1", '给"公益"\\', date(2026, 3, 10), "", None, None
    )
    link = chain.link(chain.START, 1, content, transfer_id=one, journal=None, recorded_at=moment, by_account_id=None)
    assert content == "e6f72b6cfc3aaf98ce229f252ded281f10e363964b694563aa5fc9940ee8b2db"
    assert link == "b2642a6e588c347753dba15f3c0e87e1753f2513422c5605ff939c0e3c318ae3"
