"""The columns of the paper: the list of words in `columns.toml`, which a community may change from a day on."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core.wordlists import WordList

NOTICES = "notices"  # the column that is the notices (通知公告): what stands in it is a notice, and nothing else is

COLUMNS = WordList(
    name="news.columns",
    path=Path(__file__).with_name("columns.toml"),
    title=_("Columns of the paper"),
    kept_codes=frozenset({NOTICES}),
    note=_("Everything in a column stands under its newest name. A column that ends can still be read."),
)
