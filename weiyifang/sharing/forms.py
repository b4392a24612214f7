"""What may be typed. Cleaning that matters is done by the services; a form says it on the right field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.look import wording
from weiyifang.core.web.dates_typed import ClockField, DayField
from weiyifang.core.web.fields import LineField, ParagraphsField, offer
from weiyifang.sharing import queries
from weiyifang.sharing.models import EVERY_DAY, Booking, Borrowers, Closure, Condition, Handover, Kind, Resource
from weiyifang.sharing.services import Details, Scope
from weiyifang.timetable.recurrence import Rule
from weiyifang.timetable.subjects import Span

COMMITTEE, MYSELF = "", "me"


class ResourceForm(forms.Form):
    """What is said about a thing that is lent."""

    name = LineField(
        label=_("What it is called"),
        max_length=most(Resource, "name"),
        help_text=_("A room by the name that activities use for their place: then both share one calendar."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.ROOM)
    owner = forms.ChoiceField(label=_("Whose it is"), required=False)
    place = LineField(label=_("Where it is"), max_length=most(Resource, "place"), required=False)
    about = ParagraphsField(
        label=_("What it is"),
        max_length=most(Resource, "about"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    conditions = ParagraphsField(
        label=_("What to mind"),
        max_length=most(Resource, "conditions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Keys, cleaning, noise, what must not leave the house."),
    )
    seats = forms.IntegerField(
        label=_("For how many people"), min_value=0, max_value=5_000, initial=0, help_text=_("Of a room; 0: not said.")
    )
    whole: forms.ModelChoiceField[Resource] = forms.ModelChoiceField(
        label=_("Part of"),
        queryset=None,
        required=False,
        empty_label=_("a room of its own"),
        help_text=_("Half a hall: whoever books the whole hall has this half as well."),
    )
    pieces = forms.IntegerField(
        label=_("How many pieces"),
        min_value=1,
        max_value=10_000,
        initial=1,
        help_text=_("Of equipment: 60 chairs are one stock, of which people take as many as they need."),
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Open on"), widget=forms.CheckboxSelectMultiple, initial=list(EVERY_DAY)
    )
    opens = ClockField(label=_("Opens"), widget=forms.TimeInput, initial="08:00")
    closes = ClockField(label=_("Closes"), widget=forms.TimeInput, initial="21:00")
    buffer_before = forms.IntegerField(label=_("Minutes kept free before"), min_value=0, max_value=240, initial=0)
    buffer_after = forms.IntegerField(label=_("Minutes kept free after"), min_value=0, max_value=240, initial=0)
    borrowers = forms.ChoiceField(
        label=_("Who may book it"),
        choices=Borrowers.choices,
        widget=forms.RadioSelect,
        initial=Borrowers.ORGANIZATIONS,
    )
    needs_approval = forms.BooleanField(label=_("Somebody says yes first"), required=False)

    GROUPS = (
        (_("What it is"), ("name", "kind", "owner", "place", "about", "conditions")),
        (_("Of a room"), ("seats", "whole")),
        (_("Of equipment"), ("pieces",)),
        (_("When it can be had"), ("weekdays", "opens", "closes", "buffer_before", "buffer_after")),
        (_("By whom"), ("borrowers", "needs_approval")),
    )

    def __init__(
        self, *args: Any, owners: Sequence[tuple[str, Any]] = (), of: Resource | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        rooms = Resource.objects.lent().filter(kind=Kind.ROOM, whole=None).order_by("name")
        fields: Any = self.fields
        fields["whole"].queryset = rooms.exclude(pk=of.pk) if of else rooms
        offer(self, "owner", owners)
        monday = queries.monday(clock.today())
        days = [(number, wording.short_weekday(monday + timedelta(days=int(number) - 1))) for number in EVERY_DAY]
        offer(self, "weekdays", days)

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under headings, in the order one thinks about them."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        opens, closes = typed.get("opens"), typed.get("closes")
        if opens is not None and closes is not None and opens >= closes:
            self.add_error("closes", _("It has to close after it opens."))
        if typed.get("kind") == Kind.EQUIPMENT and typed.get("whole"):
            self.add_error("whole", _("Only a room is part of a room."))
        return typed

    def details(self) -> Details:
        """What the verbs take."""
        typed: Any = {**self.cleaned_data, "weekdays": "".join(sorted(self.cleaned_data["weekdays"]))}
        return typed  # type: ignore[no-any-return]  # what came in, of its type


def details_of(resource: Resource) -> dict[str, Any]:
    """What `ResourceForm` starts from when a thing is edited."""
    said = {name: getattr(resource, name) for name in ResourceForm.base_fields}
    return said | {"weekdays": list(resource.weekdays)}


class SpanForm(forms.Form):
    """A day, from and to."""

    day = DayField(label=_("Day"), widget=forms.DateInput)
    begins = ClockField(label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput)
    ends = ClockField(label=pgettext_lazy("time of day", "To"), widget=forms.TimeInput)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        begins, ends, day = typed.get("begins"), typed.get("ends"), typed.get("day")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("ends", _("It has to end after it begins."))
        if day is not None and day < clock.today():
            self.add_error("day", _("This day is over."))
        return typed

    def span(self) -> Span:
        """From and until, as moments."""
        typed = self.cleaned_data
        return clock.local(typed["day"], typed["begins"]), clock.local(typed["day"], typed["ends"])


class BookingForm(SpanForm):
    """Who wants it, when, and what for."""

    whom = forms.ChoiceField(label=_("Who it is for"), required=False)
    purpose = LineField(label=_("What for"), max_length=most(Booking, "purpose"))
    pieces = forms.IntegerField(label=_("How many pieces"), min_value=1, initial=1)
    every_week_until = DayField(
        label=_("Every week until"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Empty: this one day. Public holidays that are announced are left out."),
    )
    skip_taken = forms.BooleanField(label=_("Leave out the weeks in which it cannot be had"), required=False)

    field_order = ("whom", "day", "begins", "ends", "pieces", "purpose", "every_week_until", "skip_taken")

    def __init__(self, *args: Any, of: Resource, whom: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        offer(self, "whom", whom)
        fields["pieces"].validators.append(MaxValueValidator(of.pieces))
        fields["pieces"].widget.attrs["max"] = of.pieces
        if not of.is_stock:
            del fields["pieces"]
        if len(whom) == 1:
            fields["whom"].widget = forms.HiddenInput()
            fields["whom"].initial = whom[0][0]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        day: date | None = typed.get("day")
        last: date | None = typed.get("every_week_until")
        if day is not None and last is not None and not day <= last <= day + timedelta(days=366):
            self.add_error("every_week_until", _("The last day comes after the first, within a year."))
        return typed

    def times(self) -> list[Span]:
        """Every date that is meant."""
        first, last = self.span()
        until = self.cleaned_data["every_week_until"]
        if until is None:
            return [(first, last)]
        start = datetime.combine(self.cleaned_data["day"], self.cleaned_data["begins"])
        minutes = (last - first) // timedelta(minutes=1)
        rule = Rule(rrule="FREQ=WEEKLY", start=start, minutes=minutes, holidays="skip")
        return rule.between(start.date(), until)


class MoveForm(SpanForm):
    """When it is to be instead, or what."""

    thing = forms.ChoiceField(label=_("Which one"), required=False)
    pieces = forms.IntegerField(label=_("How many pieces"), min_value=1)
    scope = forms.ChoiceField(
        label=_("Which dates"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.THIS
    )

    field_order = ("thing", "day", "begins", "ends", "pieces", "scope")

    def __init__(
        self,
        data: Any = None,
        *,
        booking: Booking,
        others: Sequence[Resource] = (),
        asked: Mapping[str, Any] | None = None,
    ) -> None:
        begins, ends = timezone.localtime(booking.starts_at), timezone.localtime(booking.ends_at)
        initial = {"day": begins.date(), "begins": begins.time(), "ends": ends.time(), "pieces": booking.pieces}
        super().__init__(data, initial={**initial, "thing": booking.resource.number, **(asked or {})})
        self._things = {str(one.number): one for one in (booking.resource, *others)}
        offer(self, "thing", [(number, one.name) for number, one in self._things.items()])
        if not others:
            del self.fields["thing"]
        _only_for_series(self, booking)
        if not booking.resource.is_stock:
            del self.fields["pieces"]

    def chosen(self) -> Resource | None:
        """What it is to be; None: what it is."""
        return self._things.get(self.cleaned_data.get("thing", ""))


class ReasonForm(forms.Form):
    """Why, and of a series which dates."""

    reason = LineField(label=_("Why"), max_length=most(Booking, "reason"), help_text=_("Whoever booked it reads this."))
    scope = forms.ChoiceField(
        label=_("Which dates"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.THIS
    )

    def __init__(self, *args: Any, booking: Booking, is_own: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = not is_own
        _only_for_series(self, booking)


def _only_for_series(form: forms.Form, booking: Booking) -> None:
    if booking.series is None:
        form.fields["scope"].widget = forms.HiddenInput()


class ClosureForm(forms.Form):
    """From when until when nobody has it, and why."""

    first = DayField(label=_("From which day"), widget=forms.DateInput)
    begins = ClockField(label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput, initial="00:00")
    last = DayField(label=_("Until which day"), widget=forms.DateInput)
    ends = ClockField(label=pgettext_lazy("time of day", "To"), widget=forms.TimeInput, initial="23:59")
    reason = LineField(label=_("Why"), max_length=most(Closure, "reason"), help_text=_("Everybody reads this."))

    def span(self) -> Span:
        """From and until, as moments."""
        typed = self.cleaned_data
        return clock.local(typed["first"], typed["begins"]), clock.local(typed["last"], typed["ends"])


class HandoverForm(forms.Form):
    """How a thing changes hands; of a stock how many pieces, and when it comes back how many do not."""

    pieces = forms.IntegerField(label=_("How many pieces"), min_value=0)
    missing = forms.IntegerField(
        label=_("Missing"),
        min_value=0,
        initial=0,
        help_text=_("What did not come back. It is not lent until it is found."),
    )
    condition = forms.ChoiceField(
        label=_("How it is"), choices=Condition.choices, widget=forms.RadioSelect, initial=Condition.GOOD
    )
    note = LineField(label=_("What was noted"), max_length=most(Handover, "note"), required=False)

    def __init__(self, data: Any = None, *, booking: Booking, is_back: bool, out: int = 1) -> None:
        super().__init__(data)
        self.fields["pieces"].initial = out if is_back else booking.pieces
        if not is_back:
            del self.fields["missing"]
            if not booking.resource.is_stock:
                del self.fields["pieces"]


class FoundForm(forms.Form):
    """How many missing pieces are there again."""

    pieces = forms.IntegerField(label=_("How many were found"), min_value=1, initial=1)


class ListFilter(forms.Form):
    """How people look through what is lent. Nothing typed is ever wrong: what does not fit is left out."""

    q = LineField(label=_("Search"), required=False, max_length=40)
    day = DayField(label=_("Free on"), required=False, widget=forms.DateInput)
    begins = ClockField(label=pgettext_lazy("time of day", "From"), required=False, widget=forms.TimeInput)
    ends = ClockField(label=pgettext_lazy("time of day", "To"), required=False, widget=forms.TimeInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def words(self) -> str:
        """What to search for."""
        return str(self.cleaned_data.get("q", ""))

    @property
    def span(self) -> Span | None:
        """When it has to be free, if that is said in full."""
        typed = self.cleaned_data
        day, begins, ends = (typed.get(name) for name in ("day", "begins", "ends"))
        if day is None or begins is None or ends is None or begins >= ends:
            return None
        return clock.local(day, begins), clock.local(day, ends)
