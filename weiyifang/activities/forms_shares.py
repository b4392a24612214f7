"""Which seats of each date are kept for some: typed by whoever plans it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import shares
from weiyifang.activities.shares import Share, ShareFor, Shares


class SharesForm(forms.Form):
    """For each of those seats can be kept for: how many, and until how many hours before it begins."""

    def __init__(self, data: Any = None, *, kept: Shares, day: date) -> None:
        super().__init__(data)
        self.day = day
        known = {one.whom: one for one in kept}
        for whom in ShareFor.values:
            one = known.get(whom)
            self.fields[f"places-{whom}"] = forms.IntegerField(
                label=_("Seats of each date"), min_value=0, max_value=5000, required=False, initial=one and one.places
            )
            self.fields[f"hours-{whom}"] = forms.IntegerField(
                label=_("Open to all, hours before it begins"),
                min_value=1,
                max_value=shares.MOST_HOURS,
                required=False,
                initial=one.hours if one else shares.USUAL_HOURS,
            )

    def groups(self) -> list[tuple[str, Sequence[BoundField]]]:
        """For whom, in words, and the fields."""
        return [
            (shares.in_words(whom, self.day), (self[f"places-{whom}"], self[f"hours-{whom}"]))
            for whom in ShareFor.values
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for whom in ShareFor.values:
            if typed.get(f"places-{whom}") and not typed.get(f"hours-{whom}"):
                self.add_error(f"hours-{whom}", _("Until when are they kept?"))
        return typed

    def wanted(self) -> list[Share]:
        typed = self.cleaned_data
        return [
            Share(whom=whom, places=typed[f"places-{whom}"], hours=typed[f"hours-{whom}"])
            for whom in ShareFor.values
            if typed[f"places-{whom}"]
        ]
