"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import IN_THE_OPEN, LETTERS, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (
    Entry(route="news:list", label=_("News"), icon="article", group=IN_THE_OPEN, at=10, wide=True, searched=True),
)
WORKBENCH = (
    Entry(
        route="news:bench", label=_("News"), icon="article", group=LETTERS, at=10, permissions=(Permission.WRITE_NEWS,)
    ),
)
