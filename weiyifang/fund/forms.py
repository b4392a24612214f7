"""Forms check what was typed; nothing more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.money import fen_from_yuan, yuan
from weiyifang.core.refusals import Refused
from weiyifang.fund.chart import Line, chart
from weiyifang.fund.models import Method, PaymentRequest
from weiyifang.fund.services import Receipt, Wanted


def _choices(lines: dict[str, Line]) -> list[tuple[str, str]]:
    return [(code, line.name) for code, line in lines.items()]


class YuanField(forms.CharField):
    """An amount typed in yuan; gives fen."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return fen_from_yuan(text)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class ReceiptForm(forms.Form):
    """Money that came in."""

    channel = forms.ChoiceField(label=_("Where it came from"))
    amount = YuanField(label=_("Amount"), help_text=_("In yuan, for example 200 or 200.50."))
    method = forms.ChoiceField(label=_("How it was paid"), choices=Method.choices)
    received_on = forms.DateField(
        label=_("Received on"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"})
    )
    pool = forms.ChoiceField(label=_("Purpose"), help_text=_("Only the giver can fix a purpose, not the committee."))
    donor_name = forms.CharField(label=_("Who gave it"), max_length=60, required=False)
    is_named = forms.BooleanField(label=_("The giver wishes to be named in public"), required=False)
    note = forms.CharField(label=_("What for"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = _choices(chart().channels)  # type: ignore[attr-defined]
        self.fields["pool"].choices = _choices(chart().pools)  # type: ignore[attr-defined]

    def receipt(self) -> Receipt:
        data = self.cleaned_data
        return Receipt(amount_fen=data["amount"], **{name: data[name] for name in data if name != "amount"})


class PaymentForm(forms.Form):
    """Money that is to be paid."""

    title = forms.CharField(label=_("What for"), max_length=80)
    payee = forms.CharField(label=_("To whom"), max_length=80)
    category = forms.ChoiceField(label=_("Category"))
    amount = YuanField(label=_("Amount"), help_text=_("In yuan, for example 200 or 200.50."))
    pool = forms.ChoiceField(label=_("From which money"))
    papers = forms.CharField(
        label=_("Invoices and other papers"), max_length=200, required=False, help_text=_("Their numbers, one by one.")
    )
    organization = forms.ChoiceField(label=_("On behalf of"), required=False)

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = _choices(chart().categories)  # type: ignore[attr-defined]
        self.fields["pool"].choices = _choices(chart().pools)  # type: ignore[attr-defined]
        self.fields["organization"].choices = organizations  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(request: PaymentRequest) -> dict[str, Any]:
        names = ("title", "payee", "category", "pool", "papers", "organization")
        return {name: getattr(request, name) for name in names} | {"amount": yuan(request.amount_fen)}

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(amount_fen=data["amount"], **{name: data[name] for name in data if name != "amount"})


class ReasonForm(forms.Form):
    """Why: said to the person it concerns."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class PaidForm(forms.Form):
    """The payment was made."""

    papers = forms.CharField(label=_("Numbers of the bank slip and invoices"), max_length=200, required=False)


class MonthForm(forms.Form):
    """Which month to seal: the page says which, so that nobody seals another by pressing late."""

    month = forms.DateField(widget=forms.HiddenInput)


class EntryFilter(forms.Form):
    """Find an entry."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    channel = forms.ChoiceField(label=_("Where from"), required=False)
    category = forms.ChoiceField(label=_("Spent on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", str(_("all")))]
        self.fields["channel"].choices = everything + _choices(chart().channels)  # type: ignore[attr-defined]
        self.fields["category"].choices = everything + _choices(chart().categories)  # type: ignore[attr-defined]
