"""What may be typed about the slots of a season."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.look import wording
from weiyifang.core.web.dates_typed import ClockField, DayField
from weiyifang.core.web.fields import LineField, ParagraphsField, offer
from weiyifang.sharing import queries
from weiyifang.sharing.models import MOST_SLOTS, MOST_WISHES, WISHED, Application, Kind, Resource, Round, Slot
from weiyifang.sharing.services import Wished

ANY = {Kind.ROOM: _("any room"), Kind.INSTRUMENT: _("any instrument")}


class RoundForm(forms.Form):
    """For which season organizations may apply, until when, and for what."""

    title = LineField(
        label=_("For which season"), max_length=most(Round, "title"), help_text=_("Such as: spring 2027.")
    )
    first_day = DayField(label=_("First day"), widget=forms.DateInput)
    last_day = DayField(label=_("Last day"), widget=forms.DateInput)
    closes_on = DayField(
        label=_("Applications until"), widget=forms.DateInput, help_text=_("This day counts; before the season begins.")
    )
    resources = forms.MultipleChoiceField(label=_("What is shared out"), widget=forms.CheckboxSelectMultiple)
    about = ParagraphsField(
        label=_("What to know"),
        max_length=most(Round, "about"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, things: Sequence[Resource], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "resources", [(str(one.number), one.name) for one in things])
        self._things = {str(one.number): one for one in things}

    def details(self) -> dict[str, Any]:
        """What the verb takes."""
        typed = dict(self.cleaned_data)
        closes_at = clock.day_bounds(typed.pop("closes_on"))[1]
        resources = [self._things[number] for number in typed.pop("resources")]
        return typed | {"closes_at": closes_at, "resources": resources}


class WishesForm(forms.Form):
    """For which organization, what for, how many slots, and up to three wishes in order."""

    organization = forms.ChoiceField(label=_("For which organization"))
    purpose = LineField(label=_("What for"), max_length=most(Application, "purpose"))
    slots = forms.TypedChoiceField(
        label=_("How many slots a week you would use"),
        choices=[(n, n) for n in range(1, MOST_SLOTS + 1)],
        coerce=int,
        initial=1,
        help_text=_("Everybody gets a first one before anybody gets a second."),
    )

    def __init__(self, *args: Any, things: Sequence[Resource], whom: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "organization", whom)
        self._things = {str(one.number): one for one in things}
        kinds = [kind for kind in WISHED if sum(one.kind == kind for one in things) > 1]
        choices = [(str(one.number), one.name) for one in things] + [(str(kind), ANY[kind]) for kind in kinds]
        monday = queries.monday(clock.today())
        days = [(str(step + 1), wording.short_weekday(monday + timedelta(days=step))) for step in range(7)]
        for rank in range(1, MOST_WISHES + 1):
            is_needed = rank == 1
            self.fields[f"thing_{rank}"] = forms.ChoiceField(label=_("What"), required=is_needed)
            self.fields[f"weekday_{rank}"] = forms.ChoiceField(label=_("Weekday"), required=is_needed)
            self.fields[f"begins_{rank}"] = ClockField(
                label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput, required=is_needed
            )
            self.fields[f"ends_{rank}"] = ClockField(
                label=pgettext_lazy("time of day", "To"), widget=forms.TimeInput, required=is_needed
            )
            offer(self, f"thing_{rank}", choices if is_needed else [("", _("no wish")), *choices])
            offer(self, f"weekday_{rank}", days if is_needed else [("", "—"), *days])

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under headings, in the order one thinks about them."""
        titles = (_("First wish"), _("Second wish"), _("Third wish"))
        of_wish = [
            (title, [self[f"{name}_{rank}"] for name in ("thing", "weekday", "begins", "ends")])
            for rank, title in enumerate(titles, start=1)
        ]
        return [(_("Who, and what for"), [self["organization"], self["purpose"], self["slots"]]), *of_wish]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for rank in range(1, MOST_WISHES + 1):
            thing, weekday, begins, ends = self._typed(rank)
            if thing and not (weekday and begins and ends) and not self.errors:
                self.add_error(f"thing_{rank}", _("Say on which weekday, from when and until when."))
            if begins and ends and ends <= begins:
                self.add_error(f"ends_{rank}", _("It has to end after it begins."))
        return typed

    def _typed(self, rank: int) -> tuple[Any, ...]:
        return tuple(self.cleaned_data.get(f"{name}_{rank}") for name in ("thing", "weekday", "begins", "ends"))

    def wishes(self) -> list[Wished]:
        """What the verb takes; a wish left out between two is passed over."""
        found = []
        for rank in range(1, MOST_WISHES + 1):
            thing, weekday, begins, ends = self._typed(rank)
            if thing:
                resource = self._things.get(thing)
                kind = "" if resource else thing
                found.append(Wished(resource=resource, kind=kind, weekday=int(weekday), begins=begins, ends=ends))
        return found


def wishes_of(application: Application) -> dict[str, Any]:
    """What `WishesForm` starts from when an application is changed."""
    said: dict[str, Any] = {
        "organization": application.organization,
        "purpose": application.purpose,
        "slots": application.slots,
    }
    for wish in application.wishes.select_related("resource"):
        said[f"thing_{wish.rank}"] = str(wish.resource.number) if wish.resource else wish.kind
        said[f"weekday_{wish.rank}"] = str(wish.weekday)
        said[f"begins_{wish.rank}"], said[f"ends_{wish.rank}"] = wish.begins, wish.ends
    return said


class ObjectionForm(forms.Form):
    """Why a slot is not to be booked."""

    reason = LineField(
        label=_("Why it is not to be booked"), max_length=most(Slot, "objection"), help_text=_("Everybody reads this.")
    )


class CallOffForm(forms.Form):
    """Why nothing is shared out after all."""

    reason = LineField(label=_("Why"), max_length=most(Round, "reason"), help_text=_("Everybody reads this."))
