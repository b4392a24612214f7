"""What every amount and code must be, whichever door it comes in by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused


class NotPositive(Refused):
    """The amount is zero or less."""

    sentence = _("The amount must be more than zero.")
    status = 422


class UnknownCode(Refused):
    """A channel, category or purpose that the chart does not know."""

    sentence = _("Choose one from the list.")
    status = 422
