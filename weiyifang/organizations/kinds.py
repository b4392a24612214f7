"""The kinds of organizations: the list of words in `kinds.toml`, different by region; a community may change it."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core.wordlists import WordList

KINDS = WordList(
    name="organizations.kinds",
    path=Path(__file__).with_name("kinds.toml"),
    title=_("Kinds of organizations"),
)
