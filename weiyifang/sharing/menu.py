"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import ACTIVITIES, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (Entry(route="sharing:list", label=_("Rooms and things"), icon="key", at=50, wide=True, searched=True),)
WORKBENCH = (
    Entry(
        route="sharing:bench",
        label=_("Rooms and things"),
        icon="key",
        group=ACTIVITIES,
        at=20,
        permissions=(Permission.KEEP_THINGS,),
    ),
)
