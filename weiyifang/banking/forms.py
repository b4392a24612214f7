"""Forms check what was typed; nothing more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.banking.models import WITH_STATEMENTS, Explanation, Line, LineState
from weiyifang.banking.services import Preview, Wanted
from weiyifang.banking.shapes import FIELDS
from weiyifang.core.columns import most
from weiyifang.core.tables import MOST_BYTES
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, ParagraphsField, YuanField, offer
from weiyifang.fund.chart import chart
from weiyifang.fund.models import PLACE, Donation, open_lines
from weiyifang.fund.services import Receipt

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
    amount = YuanField(
        label=_("Closing balance"), required=False, help_text=_("In yuan. Only where the file says no balances.")
    )

    def __init__(self, data: Any = None, *, seen: Preview) -> None:
        found = seen.reading
        first, last = (found.lines[0].day, found.lines[-1].day) if found.lines else (None, None)
        days = {"since": found.since or first, "until": found.until or last}
        super().__init__(data, initial=days)
        if found.has_balances:
            del self.fields["amount"]
        elif seen.needs_closing:
            self.fields["amount"].required = True

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(since=data["since"], until=data["until"], closing_fen=data.get("amount"))


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


_STATES = {
    LineState.OPEN: Q(match=None, aside_because=""),
    LineState.MATCHED: Q(match__isnull=False),
    LineState.ASIDE: ~Q(aside_because=""),
}


class LinesFilter(forms.Form):
    """Find a line. What cannot be read does not narrow."""

    q = LineField(label=_("Words, or the other side"), required=False, max_length=60)
    since = DayField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    amount = YuanField(label=_("Amount"), required=False)
    state = forms.ChoiceField(label=_("Only"), required=False, choices=[("", _("all")), *LineState.choices])

    def narrow(self, rows: QuerySet[Line]) -> QuerySet[Line]:
        """The rows that are sought."""
        if not self.is_bound:
            return rows
        self.full_clean()
        data = {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
        if "q" in data:
            said = Q(name__icontains=data["q"]) | Q(words__icontains=data["q"]) | Q(serial__icontains=data["q"])
            rows = rows.filter(said)
        if "amount" in data:
            rows = rows.filter(fen__in=[data["amount"], -data["amount"]])
        if "since" in data:
            rows = rows.filter(day__gte=data["since"])
        if "until" in data:
            rows = rows.filter(day__lte=data["until"])
        return rows.filter(_STATES[LineState(data["state"])]) if "state" in data else rows


class IdsField(forms.MultipleChoiceField):
    """Ids that were ticked; which of them there are knows the service."""

    def clean(self, value: Any) -> list[UUID]:
        try:
            return [UUID(str(one)) for one in value or ()]
        except ValueError:
            raise forms.ValidationError(_("Choose from what is shown.")) from None


class MatchForm(forms.Form):
    """Which entries a line is, and which other lines belong to it."""

    transfers = IdsField(required=False)
    lines = IdsField(required=False)


class AsideForm(forms.Form):
    """Why a line is in no book of ours."""

    because = ParagraphsField(
        label=_("Why it is in no book of ours"),
        max_length=most(Line, "aside_because"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ExplainForm(forms.Form):
    """Why a month does not agree."""

    word = ParagraphsField(
        label=_("Why it does not agree"), max_length=most(Explanation, "word"), widget=forms.Textarea(attrs={"rows": 2})
    )


class BookForm(forms.Form):
    """What a line is that came in: the rest of its receipt. Amount, day and place are the bank's."""

    channel = forms.ChoiceField(label=_("Where it came from"))
    pool = forms.ChoiceField(label=_("Purpose"), help_text=_("Only the giver can fix a purpose, not the committee."))
    donor_name = LineField(label=_("Who gave it"), max_length=most(Donation, "donor_name"), required=False)
    is_named = forms.BooleanField(label=_("The giver wishes to be named in public"), required=False)
    note = LineField(label=_("What for"), max_length=most(Donation, "note"), required=False)
    late = forms.BooleanField(
        label=_("Book it into the open month"),
        required=False,
        help_text=_("Only where the month of its day is sealed. The day stays on the receipt."),
    )

    def __init__(self, data: Any = None, *, line: Line) -> None:
        name = line.name[: most(Donation, "donor_name")]
        super().__init__(data, initial={"donor_name": name}, auto_id="book_%s")
        self._line = line
        offer(self, "channel", [(code, one.name) for code, one in chart().channels.items()])
        offer(self, "pool", [(code, one.name) for code, one in open_lines().items()])

    def receipt(self) -> Receipt:
        line = self._line
        return Receipt(amount_fen=line.fen, received_on=line.day, method=line.account.method, **self.cleaned_data)
