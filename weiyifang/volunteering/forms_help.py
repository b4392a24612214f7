"""What may be typed about requests for help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.web.dates_typed import ClockField, DayField
from weiyifang.core.web.fields import LineField, ParagraphsField, offer
from weiyifang.people.models import Resident
from weiyifang.people.picking import PersonField
from weiyifang.volunteering import kinds
from weiyifang.volunteering.models import HelpRequest, Team


class HelpForm(forms.Form):
    """What one needs help with, when and where."""

    kind = forms.ChoiceField(label=_("What for"))
    day = DayField(label=_("Day"), widget=forms.DateInput)
    begins = ClockField(label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput)
    ends = ClockField(label=pgettext_lazy("time of day", "Until"), widget=forms.TimeInput)
    place = LineField(
        label=_("Where"),
        max_length=most(HelpRequest, "place"),
        required=False,
        help_text=_("Only whoever does it and the office read this, with the address and phone of the register."),
    )
    remark = ParagraphsField(
        label=_("Good to know"),
        max_length=most(HelpRequest, "remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("All members of the service teams read this. Please no address, no phone and no illness."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", kinds.choices(kinds.HELP))

    def said(self) -> dict[str, Any]:
        """What `services.ask_for_help` takes; only of a valid form."""
        typed = self.cleaned_data
        words = {name: typed[name] for name in ("kind", "place", "remark")}
        starts_at, ends_at = (clock.local(typed["day"], typed[name]) for name in ("begins", "ends"))
        return {**words, "starts_at": starts_at, "ends_at": ends_at}


class OwnHelpForm(HelpForm):
    """For oneself or whom one acts for."""

    whose = forms.ChoiceField(label=_("Who needs help"))
    field_order = ("whose",)

    def __init__(self, *args: Any, own: Sequence[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {str(one.number): one for one in own}
        offer(self, "whose", [(number, one.name) for number, one in self.own.items()])
        if len(own) == 1:
            self.fields["whose"].widget = forms.HiddenInput()
            self.fields["whose"].initial = str(own[0].number)

    def resident(self) -> Resident:
        """Who needs help; only of a valid form."""
        return self.own[self.cleaned_data["whose"]]


class DeskHelpForm(HelpForm):
    """Somebody without a phone asks at the desk, or calls."""

    who = PersonField(label=_("Who needs help"))
    field_order = ("who",)


class UnfoundForm(forms.Form):
    reason = LineField(
        label=_("What was tried"), max_length=most(HelpRequest, "why"), help_text=_("Whoever asked reads this.")
    )


class HandForm(forms.Form):
    """To which team a request is handed."""

    team = forms.ChoiceField(label=_("Team"))

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {str(one.number): one for one in teams}
        offer(self, "team", [(number, one.name) for number, one in self.teams.items()])
        if len(teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
            self.fields["team"].initial = str(teams[0].number)

    def chosen(self) -> Team:
        """The team; only of a valid form."""
        return self.teams[self.cleaned_data["team"]]
