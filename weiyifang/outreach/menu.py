"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import OVERSIGHT, PEOPLE, Entry
from weiyifang.people.roles import Permission

WORKBENCH = (
    Entry(
        route="outreach:bench",
        label=_("Not reached"),
        icon="bell",
        group=PEOPLE,
        at=35,
        permissions=(Permission.REACH_OUT,),
    ),
    Entry(
        route="outreach:figures",
        label=_("Who is reached"),
        icon="people",
        group=OVERSIGHT,
        at=5,
        permissions=(Permission.SEE_REACH,),
    ),
)
