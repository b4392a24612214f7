"""What may be typed about the stalls of a market."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models import Stall, StallCount
from weiyifang.activities.queries import Stand
from weiyifang.core.columns import most
from weiyifang.core.web.fields import LineField, YuanField, offer


class SetUpForm(forms.Form):
    """More stalls."""

    count = forms.IntegerField(label=_("How many more stalls"), min_value=1, max_value=300)
    place = LineField(
        label=_("Where they stand"),
        max_length=most(Stall, "place"),
        required=False,
        help_text=_("For example: along the lake, from the gate on."),
    )


class TakeForm(forms.Form):
    """Which stall, for which organization, what is there."""

    number = forms.TypedChoiceField(label=_("Which stall"), coerce=int)
    organization = forms.ChoiceField(label=_("For which organization"))
    goods = LineField(label=_("What is sold or shown"), max_length=most(Stall, "goods"), required=False)

    def __init__(self, data: Any = None, *, free: Sequence[Stand], ours: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        words = ((one.stall.number, " · ".join(filter(None, [str(one.stall.number), one.stall.place]))) for one in free)
        offer(self, "number", [*words])
        offer(self, "organization", ours)


class ProceedsForm(forms.Form):
    """What one person counted."""

    amount = YuanField(
        least=0, label=_("What you counted, in yuan"), help_text=_("All of it, coins too. Nothing sold: 0.")
    )


class TakeBackForm(forms.Form):
    """Why a count that two people agreed on was wrong."""

    reason = LineField(label=_("Why was it wrong?"), max_length=most(StallCount, "why_back"))
