from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MonthSealed(Event):
    """A month of a book (the subject) is sealed: so many `transfers`; the chain reached `head_no`."""

    words = _("the month was sealed")

    month: date
    root_hash: str
    head_no: int
    transfers: int
