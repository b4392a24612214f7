"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import PEOPLE, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (Entry(route="volunteering:list", label=_("Volunteering"), icon="heart", at=30, wide=True, searched=True),)
WORKBENCH = (
    Entry(
        route="volunteering:bench",
        label=_("Volunteering"),
        icon="heart",
        group=PEOPLE,
        at=20,
        permissions=(Permission.MANAGE_TEAMS,),
    ),
)
