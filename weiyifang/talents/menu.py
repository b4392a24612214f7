"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import PEOPLE, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (Entry(route="talents:list", label=_("Talents"), icon="star", at=40, wide=True, searched=True),)
WORKBENCH = (
    Entry(
        route="talents:bench",
        label=_("Talents"),
        icon="star",
        group=PEOPLE,
        at=30,
        permissions=(Permission.KEEP_TALENTS,),
    ),
)
