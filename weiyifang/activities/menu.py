"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core.web.menu import ACTIVITIES, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (
    Entry(route="activities:list", label=pgettext_lazy("place", "Join in"), icon="calendar", at=10, searched=True),
)
WORKBENCH = (
    Entry(
        route="activities:bench",
        label=_("Activities"),
        icon="calendar",
        group=ACTIVITIES,
        at=0,
        permissions=(Permission.CHECK_IN,),
    ),
)
