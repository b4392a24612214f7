"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import OVERSIGHT, TODAY, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (
    Entry(route="portal:home", label=_("Home"), icon="home", at=0, care=True),
    Entry(route="portal:me", label=_("Me"), icon="person", at=70, care=True),
)
WORKBENCH = (
    Entry(
        route="portal:today", label=_("Today"), icon="sun", group=TODAY, at=0, permissions=(Permission.OPEN_WORKBENCH,)
    ),
    Entry(
        route="portal:waiting",
        label=_("To do"),
        icon="check",
        group=TODAY,
        at=10,
        permissions=(Permission.OPEN_WORKBENCH,),
    ),
    Entry(
        route="portal:figures",
        label=_("Figures"),
        icon="scale",
        group=OVERSIGHT,
        at=0,
        permissions=(Permission.SEE_TIMELINE,),
    ),
    Entry(
        route="portal:history",
        label=_("Every act"),
        icon="list",
        group=OVERSIGHT,
        at=10,
        permissions=(Permission.SEE_TIMELINE,),
    ),
)
