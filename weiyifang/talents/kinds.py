"""Topics by their codes: a list of words, which a community may change from a day on."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core.wordlists import WordList

TOPIC = WordList(name="talents.topics", path=Path(__file__).with_name("topics.toml"), title=_("What talents can do"))


def chosen(codes: Collection[str], *, was: Collection[str] = ()) -> list[str]:
    """Those of the codes that are offered today or stood there before, each once and in the list's order."""
    return [word.code for word in TOPIC.ever() if word.code in codes and (not word.is_ended or word.code in was)]


def named(codes: Collection[str]) -> str:
    """The names of the codes, joined for people."""
    return " · ".join(word.name for word in TOPIC.ever() if word.code in codes)


def choices(*, also: Collection[str] = ()) -> list[tuple[str, str]]:
    """For a form: codes and names in the reader's language; what stands there already stays to choose."""
    return [(word.code, word.name) for word in TOPIC.ever() if not word.is_ended or word.code in also]


def called(word: str) -> list[str]:
    """The codes whose name, in the reader's language, has this word."""
    return [one.code for one in TOPIC.ever() if word.casefold() in one.name.casefold()]
