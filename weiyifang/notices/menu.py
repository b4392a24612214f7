"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import LETTERS, Entry
from weiyifang.people.roles import Permission

WORKBENCH = (
    Entry(
        route="notices:bench",
        label=_("Messages"),
        icon="phone",
        group=LETTERS,
        at=0,
        permissions=(Permission.TELL_PEOPLE,),
    ),
)
