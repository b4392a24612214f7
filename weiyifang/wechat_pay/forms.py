"""Forms check what was typed; nothing more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core.columns import most
from weiyifang.core.look.wording import yuan_words
from weiyifang.core.web.fields import LineField, ParagraphsField, YuanField, offer
from weiyifang.fund.models import open_lines
from weiyifang.wechat_pay import terms
from weiyifang.wechat_pay.models import Order, Refund
from weiyifang.wechat_pay.services import Gift

OTHER = "other"


class GiveForm(forms.Form):
    """A gift: how much, for what, by whom."""

    amount = forms.ChoiceField(label=_("How much"), widget=forms.RadioSelect, required=False)
    own = YuanField(
        label=_("Another amount"),
        required=False,
        help_text=_("In yuan, for example 66 or 88.88. It goes before the choice above."),
    )
    pool = forms.ChoiceField(label=_("Purpose"), widget=forms.RadioSelect)
    donor_name = LineField(label=_("Your name"), max_length=most(Order, "donor_name"), required=False)
    is_named = forms.BooleanField(label=_("Show my name in public"), required=False)
    note = LineField(label=_("A word with it"), max_length=most(Order, "note"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "amount", [(str(fen), yuan_words(fen)) for fen in terms.rule().amounts])
        purposes = open_lines()
        offer(self, "pool", [(code, line.name) for code, line in purposes.items()])
        self.fields["pool"].initial = next(iter(purposes))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "own" in data and not data["own"] and not data.get("amount"):
            self.add_error("own", _("Choose an amount, or type one."))
        return data

    def gift(self) -> Gift:
        data = self.cleaned_data
        fen = data["own"] or int(data["amount"])
        return Gift(amount_fen=fen, **{name: data[name] for name in ("pool", "donor_name", "is_named", "note")})


class RefundForm(forms.Form):
    """Why a gift goes back."""

    reason = ParagraphsField(
        label=_("Reason"), max_length=most(Refund, "reason"), widget=forms.Textarea(attrs={"rows": 2})
    )


class RefusalForm(forms.Form):
    """Why it does not."""

    answer = ParagraphsField(
        label=_("Why not"), max_length=most(Refund, "answer"), widget=forms.Textarea(attrs={"rows": 2})
    )


class OrderFilter(forms.Form):
    """Which orders: by their number, WeChat's or ours."""

    q = LineField(label=_("Number"), max_length=40, required=False)
