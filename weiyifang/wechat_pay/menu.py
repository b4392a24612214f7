"""Where these pages stand on the map of the site (`core.web.menu`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.menu import MONEY, Entry
from weiyifang.people.roles import Permission

WORKBENCH = (
    Entry(
        route="wechat_pay:bench",
        label=_("Gifts by WeChat"),
        icon="gift",
        group=MONEY,
        at=5,
        permissions=(Permission.SEE_BOOKS,),
    ),
)
