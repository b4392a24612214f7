"""Forms check what was typed; nothing more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.banking.models import WITH_STATEMENTS
from weiyifang.banking.services import Preview, Wanted
from weiyifang.banking.shapes import FIELDS
from weiyifang.core.tables import MOST_BYTES
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import YuanField, offer
from weiyifang.fund.models import PLACE

NAMED = ("day", "amount", "in", "out", "flag", "balance", "name", "number", "words", "serial")  # by hand, on a page


class UploadForm(forms.Form):
    """A statement."""

    method = forms.ChoiceField(label=_("Of which place"), choices=[(one.value, PLACE[one]) for one in WITH_STATEMENTS])
    file = forms.FileField(
        label=_("Excel (.xlsx) or CSV"),
        help_text=_("As the bank or the wallet hands it out, at most 10 MB. Nothing is written yet."),
    )

    def content(self) -> bytes:
        """The file; one byte more than is taken is enough to refuse it."""
        read: bytes = self.cleaned_data["file"].read(MOST_BYTES + 1)
        return read


class PeriodForm(forms.Form):
    """Of which days a statement is, and what was there at the end where the file does not say it."""

    since = DayField(label=_("From day"), widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To day"), widget=forms.DateInput(attrs={"type": "date"}))
    closing = YuanField(
        label=_("Closing balance"), required=False, help_text=_("In yuan. Only where the file says no balances.")
    )

    def __init__(self, data: Any = None, *, seen: Preview) -> None:
        found = seen.reading
        first, last = (found.lines[0].day, found.lines[-1].day) if found.lines else (None, None)
        days = {"since": found.since or first, "until": found.until or last}
        super().__init__(data, initial=days)
        if found.has_balances:
            del self.fields["closing"]
        elif seen.needs_closing:
            self.fields["closing"].required = True

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(since=data["since"], until=data["until"], closing_fen=data.get("closing"))


class ColumnsForm(forms.Form):
    """Which heading of a file is which column."""

    def __init__(self, *args: Any, heads: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((str(place), said) for place, said in enumerate(heads) if said)]
        self._heads = heads
        for name in NAMED:
            self.fields[name] = forms.ChoiceField(label=str(FIELDS[name]), required=name == "day")
            offer(self, name, choices)

    def columns(self) -> dict[str, str]:
        """Field → heading."""
        return {name: self._heads[int(place)] for name, place in self.cleaned_data.items() if place}
