"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import MONEY, Entry
from weiyifang.people.roles import Permission

WORKBENCH = (
    Entry(
        route="banking:bench",
        label=_("Beside the bank"),
        icon="scale",
        group=MONEY,
        at=15,
        permissions=(Permission.RECORD_INCOME, Permission.SEE_TIMELINE),
    ),
)
