"""What may be typed. Cleaning that matters is done by the services; a form says it on the right field."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.money import percent
from weiyifang.core.web.dates_typed import ClockField, DayField
from weiyifang.core.web.fields import LineField, NumberField, ParagraphsField, YuanField, offer
from weiyifang.people.models import Resident
from weiyifang.stage.models import Engagement, Income, Offer, PaidBy
from weiyifang.stage.services.agreeing import LONGEST_NAME
from weiyifang.stage.splitting import Shares


class RequestForm(forms.Form):
    """Somebody wants a show."""

    phone_kept = ""
    title = LineField(
        label=_("What the show is for"),
        max_length=most(Engagement, "title"),
        help_text=_("For example: opening of the new shop. Everybody can read it afterwards: no names of people."),
    )
    customer = LineField(label=_("Who wants it"), max_length=LONGEST_NAME, help_text=_("A unit, or a person."))
    phone = NumberField(label=_("Phone of who wants it"), required=False, max_length=30)
    place = LineField(label=_("Where"), max_length=most(Engagement, "place"))
    day = DayField(label=_("Day"), widget=forms.DateInput)
    begins = ClockField(label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput)
    ends = ClockField(label=pgettext_lazy("time of day", "Until"), widget=forms.TimeInput)
    budget = YuanField(label=_("Budget"), required=False, least=0, help_text=_("In yuan, for example 200 or 200.50."))
    is_purchase = forms.BooleanField(
        label=_("It is a government purchase of services"),
        required=False,
        help_text=_("Then the fund's part is no gift, and stands in its books as income from services."),
    )
    note = ParagraphsField(
        label=_("Good to know"),
        max_length=most(Engagement, "note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @classmethod
    def about(cls, engagement: Engagement, data: Any = None) -> RequestForm:
        """For saying it otherwise. The phone is not shown: what is left empty stays as it is."""
        begins, ends = timezone.localtime(engagement.starts_at), timezone.localtime(engagement.ends_at)
        names = ("title", "customer", "place", "is_purchase", "note")
        form = cls(
            data,
            initial={name: getattr(engagement, name) for name in names}
            | {"day": begins.date(), "begins": begins.time(), "ends": ends.time(), "budget": engagement.budget_fen},
        )
        form.phone_kept = engagement.phone
        form.fields["phone"].help_text = _("Empty: the number that is noted stays.") if engagement.phone else ""
        return form

    def said(self) -> dict[str, Any]:
        """What `services.put_down` takes; only of a valid form."""
        typed = dict(self.cleaned_data)
        day, begins, ends, budget = (typed.pop(name) for name in ("day", "begins", "ends", "budget"))
        return {
            **typed,
            "phone": typed["phone"] or self.phone_kept,
            "budget_fen": budget,
            "starts_at": clock.local(day, begins),
            "ends_at": clock.local(day, ends),
        }


class AskForm(forms.Form):
    """Which troupes are asked."""

    troupes = forms.MultipleChoiceField(label=_("Which troupes"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, troupes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "troupes", troupes)


class OfferForm(forms.Form):
    """Yes, at a price."""

    amount = YuanField(label=_("Price"), help_text=_("In yuan, for example 200 or 200.50."))
    words = ParagraphsField(
        label=_("What goes with it"),
        max_length=most(Offer, "words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: twelve people, five pieces, we bring the loudspeakers."),
    )


class DeclineForm(forms.Form):
    """No."""

    words = ParagraphsField(
        label=_("Why you do not play"),
        max_length=most(Offer, "words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SharesForm(forms.Form):
    """Who gets which share of the price, in per cent."""

    troupe, members, fund = (
        forms.DecimalField(label=label, min_value=0, max_value=100, max_digits=5, decimal_places=2)
        for label in (
            _("The troupe's share in per cent"),
            _("The members' share in per cent"),
            _("The fund's share in per cent"),
        )
    )

    @staticmethod
    def usual(shares: Shares) -> dict[str, str]:
        """What stands in it at first."""
        return dict(zip(("troupe", "members", "fund"), map(percent, shares.all), strict=True))

    def shares(self) -> Shares:
        """Only of a valid form. Raises `SharesDoNotAddUp`."""
        return Shares(**{name: int(self.cleaned_data[name] * Decimal(100)) for name in ("troupe", "members", "fund")})


class LineUpForm(forms.Form):
    """Who is on."""

    people = forms.MultipleChoiceField(label=_("Who is on"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Sequence[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.busy: Sequence[Resident] = ()  # who has something else then, for the page to say
        self.known = {str(one.number): one for one in people}
        offer(self, "people", [(number, f"{one.name} · {number}") for number, one in self.known.items()])

    def chosen(self) -> list[Resident]:
        """Only of a valid form."""
        return [self.known[number] for number in self.cleaned_data["people"]]


class OffForm(forms.Form):
    reason = LineField(label=_("Why it does not take place"), max_length=most(Engagement, "off_why"))


class IncomeForm(forms.Form):
    """What was paid for a show."""

    amount = YuanField(label=_("Amount"), help_text=_("In yuan, for example 200 or 200.50."))
    method = forms.ChoiceField(label=_("How it was paid"), choices=PaidBy.choices)
    received_on = DayField(label=_("Received on"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}))


class GiveBackForm(forms.Form):
    """How much of it is given back."""

    amount = YuanField(label=_("How much is given back"), help_text=_("In yuan; all of it, or a part."))
    reason = LineField(label=_("Why"), max_length=most(Income, "given_back_why"))
