"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import TODAY, Entry
from weiyifang.people.roles import Permission

WORKBENCH = (
    Entry(
        route="errands:bench",
        label=_("Long work"),
        icon="clock",
        group=TODAY,
        at=20,
        wide=True,
        permissions=(
            Permission.SEE_RESIDENTS,
            Permission.PLAN_ACTIVITIES,
            Permission.SEE_BOOKS,
            Permission.SEE_TIMELINE,
        ),
    ),
)
