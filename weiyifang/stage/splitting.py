"""Who gets how much of what is paid for a show. The arithmetic: `core.money.split`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from weiyifang.core.money import WHOLE, percent
from weiyifang.core.refusals import Refused


class SharesDoNotAddUp(Refused):
    """The shares are not the whole, or one of them is below nothing."""

    sentence = _("The three shares together have to be exactly 100 %%; these are %(sum)s %%. Look at them again.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Who gets how much of what is paid for a show, in basis points. Raises `SharesDoNotAddUp`."""

    troupe: int
    members: int
    fund: int

    def __post_init__(self) -> None:
        if sum(self.all) != WHOLE or min(self.all) < 0:
            raise SharesDoNotAddUp(sum=percent(sum(self.all)))

    @property
    def all(self) -> tuple[int, int, int]:
        return self.troupe, self.members, self.fund
