"""Forms about what money is for; they check what was typed and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.money import yuan
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, ParagraphsField, YuanField, offer
from weiyifang.fund.budgets import Key, pairs
from weiyifang.fund.chart import chart
from weiyifang.fund.forms import PlaceField
from weiyifang.fund.models import Budget, Purpose, PurposeChange, RestrictedBy, Why, open_lines
from weiyifang.fund.services import Change, NewPurpose


class PurposeForm(forms.Form):
    """A purpose of the community's own."""

    name = LineField(label=_("What it is called"), max_length=most(Purpose, "name"))
    words = ParagraphsField(
        label=_("What the money is for"),
        max_length=most(Purpose, "words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody can read it."),
    )
    restricted_by = forms.ChoiceField(
        label=_("Who fixed it"),
        required=False,
        help_text=_("Only a giver or the law can. What the committee wishes for is a budget."),
    )
    paper = LineField(
        label=_("In which paper it is written"),
        max_length=most(Purpose, "paper"),
        required=False,
        help_text=_("The agreement with the giver, or the rule, with its number and day."),
    )
    category = forms.ChoiceField(label=_("May be spent on"), required=False)
    since = DayField(label=_("From day"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))
    until = DayField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "restricted_by", [("", str(_("nobody: it is free money"))), *RestrictedBy.choices])
        everything = ("", str(_("everything the fund does")))
        offer(self, "category", [everything, *((code, line.name) for code, line in chart().categories.items())])

    def purpose(self) -> NewPurpose:
        return NewPurpose(**self.cleaned_data)


class BudgetForm(forms.Form):
    """What is to be spent in a year, a line for each purpose and category; an empty line plans nothing."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2999)
    happened_on = DayField(label=_("Decided on"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))
    paper = LineField(
        label=_("In which decision it stands"),
        max_length=most(Budget, "paper"),
        help_text=_("The minutes, with their day."),
    )

    def __init__(self, *args: Any, planned: Mapping[Key, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys: dict[str, Key] = {}
        for pool, category in pairs():
            name, key = f"{pool.code}.{category.code}", (pool.code, category.code)
            self._keys[name] = key
            self.fields[name] = YuanField(
                label=f"{category} · {pool}", required=False, initial=yuan(planned[key]) if key in planned else None
            )

    def lines(self) -> dict[Key, int]:
        """What was planned, in fen."""
        return {key: self.cleaned_data[name] for name, key in self._keys.items() if self.cleaned_data.get(name)}


class ChangeForm(forms.Form):
    """Money of a purpose is for something else from now on."""

    why = forms.ChoiceField(label=_("Why"))
    amount = YuanField(label=_("Amount"), help_text=_("In yuan, for example 200 or 200.50."))
    to_pool = forms.ChoiceField(
        label=_("What it is for from now on"),
        required=False,
        help_text=_("Nothing to choose where it was spent for its purpose."),
    )
    payment = forms.IntegerField(
        label=_("Number of the payment"),
        required=False,
        min_value=1,
        max_value=999_999_999,
        help_text=_("Only where free money has paid for it before."),
    )
    method = PlaceField(label=_("Where the money lies"))
    paper = LineField(
        label=_("In which paper it is written"),
        max_length=most(PurposeChange, "paper"),
        required=False,
        help_text=_("What the giver or the law says, with its number and day."),
    )
    happened_on = DayField(label=_("Day"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))
    reason = ParagraphsField(
        label=_("Reason"),
        max_length=most(PurposeChange, "reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody can read it beside the entry."),
    )

    def __init__(self, *args: Any, code: str, restricted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._code = code
        fits = [Why.SPENT, Why.PAID, Why.FULFILLED, Why.GIVER] if restricted else [Why.BETWEEN, Why.GIVER]
        offer(self, "why", [(why.value, str(why.label)) for why in fits])
        others = [(other, line.name) for other, line in open_lines().items() if other != code]
        offer(self, "to_pool", [("", "—"), *others])
        if not restricted:
            del self.fields["payment"]

    def change(self) -> Change:
        data = dict(self.cleaned_data)
        return Change(from_pool=self._code, amount_fen=data.pop("amount"), **data)
