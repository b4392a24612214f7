"""What a list holds for programs comes in pages: the schema says so, for lists of today and of tomorrow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from weiyifang.core.web.paging import MOST

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent.parent / "docs" / "openapi.json").read_text())
SHORT = {  # lists that cannot grow, and why
    "/activities/{number}/{date_number}/acts": "of one date: a running order has an end",
    "/activities/{number}/{date_number}/stalls": "of one market, 300 at most",
    "/activities/{number}/{date_number}/enrollments": "of oneself and of those one acts for",
    "/api/fund/purposes": "of one fund: a committee opens a few in a year",
    "/api/sharing/lending": "what is out, and what goes out or comes back today",
    "/sharing/{number}/taken": "of one thing, in the 62 days from one moment",
}


def lists() -> dict[str, dict[str, Any]]:
    """Path → parameters of whatever answers with a list."""
    found = {}
    for path, item in SCHEMA["paths"].items():
        answer = item.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if any(kind.get("schema", {}).get("type") == "array" for kind in answer.values()):
            found[path] = {one["name"]: one["schema"] for one in item["get"].get("parameters", ())}
    return found


def test_every_list_comes_in_pages() -> None:
    assert len(lists()) >= 7
    unpaged = {
        path
        for path, parameters in lists().items()
        if not ({"after", "before"} & {*parameters} and parameters.get("limit", {}).get("maximum", MOST + 1) <= MOST)
    }
    assert {next((short for short in SHORT if path.endswith(short)), path) for path in unpaged} == {*SHORT}


@pytest.mark.parametrize("path", sorted(lists()))
def test_a_page_begins_behind_a_row_and_never_at_an_offset(path: str) -> None:
    assert not {"offset", "page"} & {*lists()[path]}
