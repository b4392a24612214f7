"""Skills, times and papers by their codes: lists of words, which a community may change from a day on."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core.wordlists import WordList

SKILL = WordList(
    name="volunteering.skills", path=Path(__file__).with_name("skills.toml"), title=_("What volunteers can do")
)
TIME = WordList(
    name="volunteering.times", path=Path(__file__).with_name("times.toml"), title=_("When volunteers have time")
)
HELP = WordList(
    name="volunteering.help", path=Path(__file__).with_name("help.toml"), title=_("What neighbours ask volunteers for")
)
CERTIFICATE = WordList(
    name="volunteering.papers", path=Path(__file__).with_name("papers.toml"), title=_("Certificates of volunteers")
)


def chosen(words: WordList, codes: Collection[str], *, was: Collection[str] = ()) -> list[str]:
    """Those of the codes that are offered today or stood there before, each once and in the list's order."""
    return [word.code for word in words.ever() if word.code in codes and (not word.is_ended or word.code in was)]


def named(words: WordList, codes: Collection[str]) -> str:
    """The names of the codes, joined for people."""
    return " · ".join(word.name for word in words.ever() if word.code in codes)


def choices(words: WordList, *, also: Collection[str] = ()) -> list[tuple[str, str]]:
    """For a form: codes and names in the reader's language; what stands there already stays to choose."""
    return [(word.code, word.name) for word in words.ever() if not word.is_ended or word.code in also]
