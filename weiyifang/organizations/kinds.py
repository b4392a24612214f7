"""The kinds of organizations: lists from `kinds.toml`, each with its place, year and source."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

from weiyifang.core.tenancy import current_community_id

FILE = Path(__file__).parent / "kinds.toml"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One class of organizations; `code` is what is stored."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en


@dataclass(frozen=True, kw_only=True)
class KindList:
    """The classes of one place: `region` is the beginning of the official codes it holds for, `since` a year."""

    region: str
    place: str
    since: int
    source: str
    kinds: tuple[Kind, ...]
    fallback: bool = False


@lru_cache
def lists() -> tuple[KindList, ...]:
    """Every list of the file."""
    content = tomllib.loads(FILE.read_text("utf-8"))
    return tuple(
        KindList(**{**entry, "kinds": tuple(Kind(**kind) for kind in entry["kinds"])}) for entry in content["list"]
    )


def list_for(community_id: int) -> KindList:
    """The list that holds for a community: the longest matching region, of these the newest; else the fallback."""
    code = str(community_id)
    fitting = [one for one in lists() if code.startswith(one.region)]
    return max(fitting or [one for one in lists() if one.fallback], key=lambda one: (len(one.region), one.since))


def here() -> Sequence[Kind]:
    """The kinds to choose from in the community at hand."""
    return list_for(current_community_id()).kinds


@lru_cache
def _by_code() -> dict[str, Kind]:
    return {kind.code: kind for one in lists() for kind in one.kinds}


def kind(code: str) -> Kind | None:
    """The kind with this code, from whichever list."""
    return _by_code().get(code)
