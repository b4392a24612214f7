"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import IN_THE_OPEN, MONEY, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (Entry(route="grants:list", label=_("Running grants"), icon="star", group=IN_THE_OPEN, at=5, wide=True),)
WORKBENCH = (
    Entry(
        route="grants:bench",
        label=_("Running grants"),
        icon="star",
        group=MONEY,
        at=12,
        permissions=(Permission.SEE_BOOKS, Permission.MANAGE_ORGANIZATIONS, Permission.MANAGE_OWN_ORGANIZATION),
    ),
)
