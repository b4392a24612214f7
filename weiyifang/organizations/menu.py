"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import PEOPLE, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (
    Entry(route="organizations:list", label=_("Organizations"), icon="people", at=20, wide=True, searched=True),
)
WORKBENCH = (
    Entry(
        route="organizations:bench",
        label=_("Organizations"),
        icon="home",
        group=PEOPLE,
        at=10,
        permissions=(Permission.MANAGE_ORGANIZATIONS, Permission.MANAGE_OWN_ORGANIZATION),
    ),
)
