"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import PEOPLE, Entry
from weiyifang.people.roles import Permission

WORKBENCH = (
    Entry(
        route="people:residents",
        label=_("Residents"),
        icon="people",
        group=PEOPLE,
        at=0,
        permissions=(Permission.SEE_RESIDENTS,),
    ),
    Entry(
        route="people:duties",
        label=_("Duties"),
        icon="person",
        group=PEOPLE,
        at=40,
        permissions=(Permission.GIVE_DUTIES,),
    ),
    Entry(
        route="people:texts",
        label=_("Words of consents"),
        icon="article",
        group=PEOPLE,
        at=50,
        permissions=(Permission.PUBLISH_CONSENT_TEXTS,),
    ),
)
