"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import ACTIVITIES, Entry
from weiyifang.people.roles import Permission

WORKBENCH = (
    Entry(
        route="stage:bench",
        label=_("Shows"),
        icon="star",
        group=ACTIVITIES,
        at=10,
        permissions=(Permission.KEEP_SHOWS, Permission.RECORD_INCOME),
    ),
)
