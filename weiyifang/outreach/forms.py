"""What may be typed; sense is checked by the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, NumberField, offer
from weiyifang.outreach import kinds, limits, queries
from weiyifang.outreach.models import Grid
from weiyifang.people.picking import AccountField

LONGEST = 3 * 366  # days that are looked at together


class PeriodForm(forms.Form):
    """From when to when. What does not fit is as if nothing had been typed: the days of the rule, up to today."""

    since = DayField(label=_("From the day"), required=False, widget=forms.DateInput)
    until = DayField(label=_("To the day"), required=False, widget=forms.DateInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        today = clock.today()
        until = min(self.cleaned_data.get("until") or today, today)
        usual = until - timedelta(days=limits.rule_on(today).unreached_days - 1)
        since = self.cleaned_data.get("since") or usual
        return (since if until - timedelta(days=LONGEST) <= since <= until else usual), until


class GridForm(forms.Form):
    name = LineField(label=pgettext_lazy("grid", "Name"), max_length=most(Grid, "name"))


class BuildingsForm(forms.Form):
    """Buildings to put into a grid. Only compounds that have some left are offered."""

    compound = forms.ChoiceField(label=_("Compound"))
    buildings = NumberField(
        label=_("Buildings"),
        max_length=200,
        required=False,
        help_text=_("For example: 1-6, 8. Leave it empty for all that are in no grid yet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = dict.fromkeys(compound for compound, _building in queries.buildings_free())
        offer(self, "compound", [(compound, compound) for compound in left])


class WorkerForm(forms.Form):
    who = AccountField()


class NeedForm(forms.Form):
    need = forms.ChoiceField(label=_("What they need"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "need", kinds.NEEDS.choices())


class ContactForm(forms.Form):
    """What came of a visit or a call. `after` is the last contact the page shows."""

    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)
    again_on = DayField(
        label=_("Not before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day from which somebody may come again. Empty: as usual."),
    )
    after = NumberField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "outcome", kinds.OUTCOMES.choices())

    def clean_after(self) -> UUID | None:
        """None for nothing, and for what is no id."""
        try:
            return UUID(self.cleaned_data["after"])
        except ValueError:
            return None
