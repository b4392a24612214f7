"""Forms check what was typed; nothing more."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.money import yuan
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, NumberField, ParagraphsField, YuanField, offer
from weiyifang.fund import entries, queries
from weiyifang.fund.chart import Line, chart
from weiyifang.fund.models import (
    PLACE,
    BudgetWord,
    CorrectionKind,
    Donation,
    Finding,
    Method,
    MoneyMove,
    PaymentCorrection,
    PaymentRequest,
    PaymentReview,
    StatedBalance,
    Voice,
    open_lines,
)
from weiyifang.fund.services import Correction, Move, Receipt, Wanted


def _choices(lines: dict[str, Line]) -> list[tuple[str, str]]:
    return [(code, line.name) for code, line in lines.items()]


class PlaceField(forms.ChoiceField):
    """Where money lies; the bank, where nothing is said."""

    def __init__(self, *, initial: Method = Method.BANK, **kwargs: Any) -> None:
        super().__init__(choices=list(PLACE.items()), initial=initial, **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.initial)


class ReceiptForm(forms.Form):
    """Money that came in."""

    channel = forms.ChoiceField(label=_("Where it came from"))
    amount = YuanField(label=_("Amount"), help_text=_("In yuan, for example 200 or 200.50."))
    method = forms.ChoiceField(label=_("How it was paid"), choices=Method.choices)
    received_on = DayField(label=_("Received on"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))
    pool = forms.ChoiceField(label=_("Purpose"), help_text=_("Only the giver can fix a purpose, not the committee."))
    organization = forms.ChoiceField(
        label=_("Organization that gave it"), required=False, help_text=_("It is shown by its name, as everywhere.")
    )
    donor_name = LineField(label=_("Who else gave it"), max_length=most(Donation, "donor_name"), required=False)
    is_named = forms.BooleanField(label=_("The giver wishes to be named in public"), required=False)
    note = LineField(label=_("What for"), max_length=most(Donation, "note"), required=False)

    late = forms.BooleanField(
        label=_("Book it into the open month"),
        required=False,
        help_text=_("The day it arrived stays on the receipt, and everybody sees that it was booked late."),
    )

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channel", _choices(chart().channels))
        offer(self, "pool", _choices(open_lines()))
        offer(self, "organization", [("", "—"), *organizations])
        self._late = self.fields["late"]
        if not self.data.get("late"):
            self.fields["late"] = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def ask_late(self) -> None:
        """Only when the month of the day is sealed."""
        self.fields["late"] = self._late

    def receipt(self) -> Receipt:
        data = self.cleaned_data
        return Receipt(amount_fen=data["amount"], **{name: data[name] for name in data if name != "amount"})


class PaymentForm(forms.Form):
    """Money that is to be paid."""

    title = LineField(label=_("What for"), max_length=most(PaymentRequest, "title"))
    payee = LineField(label=_("To whom"), max_length=most(PaymentRequest, "payee"))
    category = forms.ChoiceField(label=_("Category"))
    amount = YuanField(label=_("Amount"), help_text=_("In yuan, for example 200 or 200.50."))
    pool = forms.ChoiceField(label=_("From which money"))
    method = PlaceField(
        label=_("Paid out of"),
        help_text=_("It has to hold enough of that money when it is approved."),
    )
    papers = LineField(
        label=_("Invoices and other papers"),
        max_length=most(PaymentRequest, "papers"),
        required=False,
        help_text=_("Their numbers, one by one."),
    )
    organization = forms.ChoiceField(label=_("On behalf of"), required=False)
    urgent = forms.BooleanField(
        label=_("Emergency relief, to be paid at once"),
        required=False,
        help_text=_("Only for relief, up to a limit. The supervisor looks at it afterwards."),
    )
    beyond = ParagraphsField(
        label=_("Why it goes beyond the budget"),
        max_length=most(BudgetWord, "word"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where it does; the page then says the figures."),
    )

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category", _choices(chart().categories))
        offer(self, "pool", _choices(open_lines()))
        offer(self, "organization", organizations)

    @staticmethod
    def initial_of(request: PaymentRequest) -> dict[str, Any]:
        names = ("title", "payee", "category", "pool", "method", "papers", "organization")
        also = {"amount": yuan(request.amount_fen), "urgent": request.is_urgent}
        return {name: getattr(request, name) for name in names} | also

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(amount_fen=data["amount"], **{name: data[name] for name in data if name != "amount"})


class ReasonForm(forms.Form):
    """Why: said to the person it concerns."""

    reason = ParagraphsField(
        label=_("Reason"), max_length=most(PaymentRequest, "reason"), widget=forms.Textarea(attrs={"rows": 2})
    )


class VoiceForm(forms.Form):
    """What a member of the committee says."""

    voice = forms.ChoiceField(label=_("What do you say?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "voice", [choice for choice in Voice.choices if choice[0] != Voice.WATCHES])


class ReviewForm(forms.Form):
    """What the later look at an urgent payment came to."""

    finding = forms.ChoiceField(label=_("Is it in order?"), choices=Finding.choices, widget=forms.RadioSelect)
    note = ParagraphsField(
        label=_("What is not in order"),
        max_length=most(PaymentReview, "note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PaidForm(forms.Form):
    """The payment was made."""

    slip = NumberField(
        label=_("Number of the bank's receipt"),
        max_length=most(PaymentRequest, "slip"),
        required=False,
        help_text=_("The invoices stay as they are."),
    )


class MoveForm(forms.Form):
    """Money went from one place of the fund to another."""

    from_method = PlaceField(label=_("From"), initial=Method.CASH)
    to_method = PlaceField(label=_("To"))
    pool = forms.ChoiceField(label=_("Purpose"))
    amount = YuanField(label=_("Amount"), help_text=_("In yuan, for example 200 or 200.50."))
    happened_on = DayField(label=_("Day"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))
    slip = NumberField(label=_("Number of the bank's receipt"), max_length=most(MoneyMove, "slip"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "pool", _choices(open_lines()))

    def move(self) -> Move:
        data = self.cleaned_data
        return Move(amount_fen=data["amount"], **{name: data[name] for name in data if name != "amount"})


class CorrectionForm(forms.Form):
    """A paid payment is taken back, wholly or in part."""

    kind = forms.ChoiceField(label=_("What happened"), choices=CorrectionKind.choices)
    amount = YuanField(label=_("Amount that is taken back"), help_text=_("All that is left of it, or a part."))
    happened_on = DayField(label=_("Day"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))
    reason = ParagraphsField(
        label=_("Reason"),
        max_length=most(PaymentCorrection, "reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody can read it beside the entry."),
    )
    slip = NumberField(
        label=_("Number of the bank's receipt"), max_length=most(PaymentCorrection, "slip"), required=False
    )

    def correction(self) -> Correction:
        data = self.cleaned_data
        return Correction(amount_fen=data["amount"], **{name: data[name] for name in data if name != "amount"})


class StatedForm(forms.Form):
    """What the bank, WeChat or a count of the cash says."""

    method = PlaceField(label=_("Where the money lies"))
    stated_on = DayField(label=_("At the end of"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))
    amount = YuanField(label=_("What they say is there"), help_text=_("In yuan, as the statement or the count says."))
    note = ParagraphsField(
        label=_("Where a difference comes from"),
        max_length=most(StatedBalance, "note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def stated(self) -> dict[str, Any]:
        """What `state_balance` takes."""
        data = self.cleaned_data
        return {"stated_fen": data["amount"], **{name: data[name] for name in data if name != "amount"}}


class MonthForm(forms.Form):
    """Which month to seal: the page says which, so that nobody seals another by pressing late."""

    month = DayField(widget=forms.HiddenInput)


class RootForm(forms.Form):
    """The first digits of a month's root, as somebody kept them: from a text message, a print, the notice board."""

    digits = NumberField(label=_("The first digits, from the text message or the print"), max_length=120)

    def clean_digits(self) -> str:
        """Without the blanks people write between groups."""
        typed = "".join(self.cleaned_data["digits"].split()).lower()
        if not re.fullmatch(rf"[0-9a-f]{{{queries.FEWEST_DIGITS},64}}", typed):
            raise forms.ValidationError(
                _("At least %(least)s signs are needed, of 0–9 and a–f: type them once more."),
                params={"least": queries.FEWEST_DIGITS},
            )
        return typed


class DaysFilter(forms.Form):
    """From day to day; what cannot be read does not narrow."""

    since = DayField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def span(self) -> tuple[date | None, date | None]:
        """What was understood of it."""
        if not self.is_bound:
            return None, None
        self.full_clean()
        return self.cleaned_data.get("since"), self.cleaned_data.get("until")


class PaymentFilter(DaysFilter):
    """Find a payment request. The day is that of its last submission."""

    q = LineField(label=_("Words or number"), required=False, max_length=60)
    least = YuanField(label=_("From amount"), required=False)
    most = YuanField(label=_("To amount"), required=False)
    state = LineField(required=False, widget=forms.HiddenInput)
    field_order = ("q", "since", "until", "least", "most", "state")

    def narrow(self, rows: QuerySet[PaymentRequest]) -> QuerySet[PaymentRequest]:
        """The rows that are sought."""
        since, until = self.span()
        data = self.cleaned_data if self.is_bound else {}
        bounds = {
            "submitted_at__gte": since and clock.day_bounds(since)[0],
            "submitted_at__lt": until and clock.day_bounds(until)[1],
            "amount_fen__gte": data.get("least"),
            "amount_fen__lte": data.get("most"),
        }
        rows = rows.filter(**{name: bound for name, bound in bounds.items() if bound is not None})
        return queries.payments_saying(rows, data["q"]) if data.get("q") else rows


class EntryFilter(forms.Form):
    """Find an entry. What cannot be read does not narrow."""

    q = LineField(label=_("Words"), required=False, max_length=60)
    channel = forms.ChoiceField(label=_("Where from"), required=False)
    category = forms.ChoiceField(label=_("Spent on"), required=False)
    kind = forms.ChoiceField(label=_("Only"), required=False)
    since = DayField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    least = YuanField(label=_("From amount"), required=False)
    most = YuanField(label=_("To amount"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", str(_("all")))]
        offer(self, "channel", everything + _choices(chart().channels))
        offer(self, "category", everything + _choices(chart().categories))
        offer(self, "kind", everything + list(entries.Kind.choices))

    @property
    def narrows(self) -> bool:
        """Is more asked than words?"""
        return any(self.data.get(name) for name in self.fields if name != "q")

    def sought(self) -> entries.Sought:
        """What was understood of it."""
        if not self.is_bound:
            return entries.Sought()
        self.full_clean()
        data = {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
        words = data.pop("q", "")
        return entries.Sought(words=words, **data)
