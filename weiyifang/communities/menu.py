"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import OVERSIGHT, Entry

WORKBENCH = (
    Entry(
        route="communities:rules", label=_("Rules"), icon="clock", group=OVERSIGHT, at=20, permissions=("set_rules",)
    ),
)
