"""Skills, times and certificates by their codes: lists from `kinds.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

FILE = Path(__file__).with_name("kinds.toml")
SKILL, TIME, CERTIFICATE = "skill", "time", "certificate"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One line of a list; `code` is what is stored."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en


@lru_cache
def of(what: str) -> Sequence[Kind]:
    """One of the lists, in its order."""
    return tuple(Kind(**line) for line in tomllib.loads(FILE.read_text("utf-8"))[what])


def choices(what: str) -> list[tuple[str, str]]:
    """For a form: codes and names in the reader's language."""
    return [(kind.code, str(kind)) for kind in of(what)]


def known(what: str, codes: Iterable[str]) -> list[str]:
    """Those of the codes that the list has, each once and in its order."""
    wanted = set(codes)
    return [kind.code for kind in of(what) if kind.code in wanted]


def named(what: str, codes: Iterable[str]) -> str:
    """The names of the codes, joined for people."""
    wanted = set(codes)
    return " · ".join(str(kind) for kind in of(what) if kind.code in wanted)


def name(what: str, code: str) -> str:
    """What one code is called; "" for none."""
    return named(what, [code])
