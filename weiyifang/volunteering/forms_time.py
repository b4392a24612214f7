"""What may be typed about the time bank. Whoever gets time is a person, or nobody in particular: the community."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core.columns import most
from weiyifang.core.web.fields import LineField, NameField, offer
from weiyifang.people.models import Resident
from weiyifang.people.picking import PersonField
from weiyifang.volunteering import queries
from weiyifang.volunteering.models import TimeGift


class ToWhomForm(forms.Form):
    """From oneself or somebody one acts for, to somebody whose name and number one was told, or to the community."""

    whose = forms.ChoiceField(label=_("Whose time"))
    number = forms.IntegerField(
        label=_("Number on the register"),
        min_value=1,
        max_value=999_999_999,
        required=False,
        help_text=_("Ask for it: it stands on everybody's own page and below here."),
    )
    name = NameField(
        label=_("Name of who gets it"),
        max_length=most(Resident, "name"),
        required=False,
        help_text=_("No number and no name: the community gets it, for whoever needs help."),
    )

    def __init__(self, *args: Any, own: Sequence[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {str(one.number): one for one in own}
        offer(self, "whose", [(number, one.name) for number, one in self.own.items()])

    def clean(self) -> dict[str, Any]:
        """`receiver`: who was meant, None for the community."""
        typed = super().clean() or {}
        number, name = typed.get("number"), typed.get("name")
        if (not number and not name) or "number" in self.errors or "name" in self.errors:
            return {**typed, "receiver": None}
        receiver = queries.of_number(number, name) if number and name else None
        if receiver is None:
            self.add_error("name", _("Number and name do not belong together. Ask for the number once more."))
        return {**typed, "receiver": receiver}

    def giver(self) -> Resident:
        """Whose time it is; only of a valid form."""
        return self.own[self.cleaned_data["whose"]]


class GiveTimeForm(ToWhomForm):
    """Give time on."""

    minutes = forms.IntegerField(label=_("How many minutes"), min_value=1, max_value=10_000, initial=60)


class HeirForm(ToWhomForm):
    """Who is to have what is saved, should somebody leave or die."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = _("Ask for it: it stands on everybody's own page.")


class DeskTimeForm(forms.Form):
    """Time is given on at the desk, for somebody who asks for it there; or it is the community's."""

    giver = PersonField(label=_("Whose time"), required=False, help_text=_("Nobody named: the community's own time."))
    receiver = PersonField(label=_("Who gets it"), required=False, help_text=_("Nobody named: the community."))
    minutes = forms.IntegerField(label=_("How many minutes"), min_value=1, max_value=10_000, initial=60)


class DeskHeirForm(forms.Form):
    """At the desk: who is to have what somebody has saved, should they leave or die."""

    giver = PersonField(label=_("Whose time"))
    receiver = PersonField(label=_("Who gets it"), required=False, help_text=_("Nobody named: the community."))


class BackForm(forms.Form):
    reason = LineField(
        label=_("Why it is taken back"), max_length=most(TimeGift, "back_why"), help_text=_("Both of them read this.")
    )
