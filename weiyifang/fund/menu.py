"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import IN_THE_OPEN, MONEY, Entry
from weiyifang.people.roles import Permission

RESIDENTS = (
    Entry(route="fund:overview", label=_("The fund"), icon="book", group=IN_THE_OPEN, at=0, wide=True, searched=True),
)
WORKBENCH = (
    Entry(
        route="fund:income",
        label=_("Income"),
        icon="download",
        group=MONEY,
        at=0,
        permissions=(Permission.RECORD_INCOME,),
    ),
    Entry(
        route="fund:bench",
        label=_("Payments"),
        icon="book",
        group=MONEY,
        at=10,
        permissions=(Permission.REQUEST_PAYMENT, Permission.PAY, Permission.SEE_BOOKS),
    ),
    Entry(
        route="fund:books", label=_("The books"), icon="ballot", group=MONEY, at=20, permissions=(Permission.SEE_BOOKS,)
    ),
)
