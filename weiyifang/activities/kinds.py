"""What kinds of activities there are: the list of words in `kinds.toml`, which a community may change from a day on."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core.wordlists import WordList

KINDS = WordList(
    name="activities.kinds",
    path=Path(__file__).with_name("kinds.toml"),
    title=_("Kinds of activities"),
)
USUAL = "workshop"  # what a form begins with
