"""What may be typed. Cleaning that matters is done by the services; a form says it on the right field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import most
from weiyifang.core.look.wording import as_day
from weiyifang.core.web.dates_typed import ClockField, DayField
from weiyifang.core.web.fields import LineField, NameField, ParagraphsField, offer
from weiyifang.people.models import Resident
from weiyifang.people.picking import PersonField
from weiyifang.timetable.recurrence import Rule
from weiyifang.timetable.subjects import Span
from weiyifang.volunteering import kinds
from weiyifang.volunteering.models import Hours, Need, Shift, Slot, Team, Volunteer
from weiyifang.volunteering.services import Change, Scope, Wanted, Was

LONGEST_SERIES = timedelta(days=366)


class TeamForm(forms.Form):
    """What is said about a team. `organizers`: in whose name one may; `committee`: in the committee's, too."""

    name = LineField(label=_("Name"), max_length=most(Team, "name"))
    purpose = ParagraphsField(
        label=_("What it does"),
        max_length=most(Team, "purpose"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences, as you would tell a neighbour."),
    )
    organizer = forms.ChoiceField(label=_("Whose team it is"), required=False)
    takes_members = forms.BooleanField(label=_("It takes new members"), required=False, initial=True)

    def __init__(self, *args: Any, organizers: list[tuple[str, str]], committee: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organizer", [*([("", _("The committee"))] if committee else []), *organizers])
        self.fields["organizer"].required = not committee


class EndForm(forms.Form):
    reason = LineField(label=_("Why it ends"), max_length=most(Team, "ended_why"))


class PersonForm(forms.Form):
    """Somebody, by name. `sees_register`: may the one who asks see the register of residents?"""

    who = PersonField()

    def __init__(self, *args: Any, sees_register: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["who"]
        assert isinstance(field, PersonField)
        field.for_one_who_sees(sees_register)


class ChoicesForm(forms.Form):
    """What somebody can do and when; and whether they may be named."""

    skills = forms.MultipleChoiceField(label=_("What you can do"), required=False, widget=forms.CheckboxSelectMultiple)
    words = ParagraphsField(
        label=_("In your own words"),
        max_length=most(Volunteer, "words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: I repaired bicycles for thirty years."),
    )
    times = forms.MultipleChoiceField(
        label=_("When you have time"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_named = forms.BooleanField(
        label=_("My name and my hours may stand on the roll of honour"),
        required=False,
        help_text=_("Everybody can read it. Untick it any time, and the name is gone from it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, what in (("skills", kinds.SKILL), ("times", kinds.TIME)):
            offer(self, name, kinds.choices(what, also=self.initial.get(name, ())))

    @classmethod
    def about(cls, volunteer: Volunteer, data: Any = None) -> ChoicesForm:
        """For editing."""
        return cls(data, initial={name: getattr(volunteer, name) for name in cls.base_fields})


class SignUpForm(ChoicesForm):
    """Signing up, by oneself."""

    agreed = forms.BooleanField(label=_("I have read the words above and say yes"), required=False)


class DeskForm(PersonForm):
    """Somebody signs up at the desk. What they can do is put in on their own page afterwards."""

    agreed = forms.BooleanField(label=_("They signed the words on paper; of a minor, a guardian did"), required=False)


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    valid_until = DayField(
        label=_("Holds until"),
        widget=forms.DateInput,
        help_text=_("As it stands on the paper you saw. Neither its number nor a copy is kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", kinds.choices(kinds.CERTIFICATE))


class ShiftForm(forms.Form):
    """A shift with one task or two."""

    what = LineField(label=_("What is to be done"), max_length=most(Shift, "what"))
    place = LineField(label=_("Where one meets"), max_length=most(Shift, "place"))
    day = DayField(label=_("Day"), widget=forms.DateInput)
    begins = ClockField(label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput)
    ends = ClockField(
        label=pgettext_lazy("time of day", "Until"),
        widget=forms.TimeInput,
        help_text=_("Earlier than it begins means: on the next day."),
    )
    role = LineField(label=_("Task"), max_length=most(Need, "role"))
    wanted = forms.IntegerField(label=_("How many people"), min_value=1, max_value=200, initial=2)
    skill = forms.ChoiceField(label=_("Should be able to"), required=False)
    certificate = forms.ChoiceField(label=_("Has to have"), required=False)
    least_age = forms.IntegerField(label=_("From age"), min_value=0, max_value=100, required=False)
    role_2 = LineField(label=_("Another task"), max_length=most(Need, "role"), required=False)
    wanted_2 = forms.IntegerField(label=_("How many people for it"), min_value=1, max_value=200, required=False)
    note = ParagraphsField(
        label=_("Good to know"),
        max_length=most(Shift, "note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    every_week_until = DayField(
        label=_("Every week until"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Empty: this one day. Public holidays that are announced are left out."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, what in (("skill", kinds.SKILL), ("certificate", kinds.CERTIFICATE)):
            was = self.initial.get(name, "")
            offer(self, name, [("", _("nothing in particular")), *kinds.choices(what, also=[was])])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        day, last = typed.get("day"), typed.get("every_week_until")
        if day is not None and last is not None and not day <= last <= day + LONGEST_SERIES:
            self.add_error("every_week_until", _("The last day comes after the first, within a year."))
        return typed

    def said(self) -> dict[str, Any]:
        """What `services.plan_series` takes; only of a valid form."""
        typed = self.cleaned_data
        first = Wanted(typed["role"], typed["wanted"], typed["skill"], typed["certificate"], typed["least_age"])
        more = [Wanted(typed["role_2"], typed["wanted_2"] or 1)] if typed["role_2"] else []
        words = {name: typed[name] for name in ("what", "place", "note")}
        return {**words, "times": self._times(), "needs": [first, *more]}

    def span(self) -> Span:
        """From when until when, past midnight if it ends earlier than it begins; only of a valid form."""
        day, begins, ends = (self.cleaned_data[name] for name in ("day", "begins", "ends"))
        last = day + timedelta(days=1) if ends < begins and day < date.max else day
        return clock.local(day, begins), clock.local(last, ends)

    def _times(self) -> list[Span]:
        (first, last), until = self.span(), self.cleaned_data["every_week_until"]
        if until is None or last <= first:  # which the verb refuses
            return [(first, last)]
        start = datetime.combine(self.cleaned_data["day"], self.cleaned_data["begins"])
        minutes = (last - first) // timedelta(minutes=1)
        rule = Rule(rrule="FREQ=WEEKLY", start=start, minutes=minutes, holidays="skip")
        return rule.between(start.date(), until)


class ChangeShiftForm(ShiftForm):
    """A planned shift, with its first task and its second; of a series, which dates are meant."""

    scope = forms.ChoiceField(
        label=_("Which dates"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.THIS
    )

    def __init__(self, data: Any = None, *, shift: Shift, needs: Sequence[Need]) -> None:
        self.first, self.second = needs[0], needs[1] if len(needs) > 1 else None
        begins, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
        initial: dict[str, Any] = {name: getattr(shift, name) for name in ("what", "place", "note")}
        initial |= {"day": begins.date(), "begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
        initial |= {name: getattr(self.first, name) for name in ("role", "wanted", "skill", "certificate", "least_age")}
        if self.second is not None:
            initial |= {"role_2": self.second.role, "wanted_2": self.second.wanted}
        super().__init__(data, initial=initial)
        del self.fields["every_week_until"]
        if self.second is not None:
            self.fields["role_2"].required = self.fields["wanted_2"].required = True
        if shift.series is None:
            self.fields["scope"].widget = forms.HiddenInput()

    def to(self) -> Change:
        """What `services.change` takes; only of a valid form."""
        typed, more = self.cleaned_data, list[Wanted]()
        tasks = {
            self.first.role: Wanted(
                typed["role"], typed["wanted"], typed["skill"], typed["certificate"], typed["least_age"]
            )
        }
        if self.second is not None:
            rest = self.second.skill, self.second.certificate, self.second.least_age
            tasks[self.second.role] = Wanted(typed["role_2"], typed["wanted_2"], *rest)
        elif typed["role_2"]:
            more = [Wanted(typed["role_2"], typed["wanted_2"] or 1)]
        starts_at, ends_at = self.span()
        words = {name: typed[name] for name in ("what", "place", "note")}
        return Change(**words, starts_at=starts_at, ends_at=ends_at, tasks=tasks, more=more)


class ColleagueForm(forms.Form):
    name = NameField(
        label=_("Name of the colleague"),
        max_length=most(Resident, "name"),
        help_text=_("As it stands on the register. Only this colleague is asked, and the team's leader sees it."),
    )


class SwapForm(forms.Form):
    """Which of one's own shifts is offered."""

    instead = forms.ChoiceField(label=_("Which of your shifts they would do instead"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, own: Sequence[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {str(slot.shift.number): slot for slot in own}
        shown = [(number, f"{slot.shift.what} · {slot.shift.when}") for number, slot in self.own.items()]
        offer(self, "instead", shown)

    def slot(self) -> Slot:
        """The place that was chosen; only of a valid form."""
        return self.own[self.cleaned_data["instead"]]


class OffForm(forms.Form):
    reason = LineField(label=_("Why it does not take place"), max_length=most(Shift, "off_why"))


class HoursForm(forms.Form):
    """Who came to a shift, from when until when; a row for each place that nothing is noted for."""

    def __init__(self, *args: Any, shift: Shift, slots: Sequence[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shift, self.slots = shift, {str(number): slot for number, slot in enumerate(slots, 1)}
        begins, ends = (f"{timezone.localtime(at):%H:%M}" for at in (shift.starts_at, shift.ends_at))
        for number in self.slots:
            self.fields[f"came_{number}"] = ClockField(
                label=pgettext_lazy("hours", "Came"), widget=forms.TimeInput, required=False, initial=begins
            )
            self.fields[f"left_{number}"] = ClockField(
                label=pgettext_lazy("hours", "Left"), widget=forms.TimeInput, required=False, initial=ends
            )
            self.fields[f"missed_{number}"] = forms.BooleanField(label=_("Did not come"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for number in self.slots:
            came, left = typed.get(f"came_{number}"), typed.get(f"left_{number}")
            if not typed.get(f"missed_{number}") and (came is None) != (left is None):
                name = "came" if came is None else "left"
                self.add_error(f"{name}_{number}", _("Fill in both, or leave both empty."))
        return typed

    def rows(self) -> list[tuple[Slot, Any, Any, Any]]:
        """For the page: who, and the three fields."""
        return [
            (slot, self[f"came_{number}"], self[f"left_{number}"], self[f"missed_{number}"])
            for number, slot in self.slots.items()
        ]

    def lines(self) -> list[Was]:
        """Who was there; only of a valid form."""
        typed = self.cleaned_data
        return [
            was(slot, self.shift, typed[f"came_{number}"], typed[f"left_{number}"])
            for number, slot in self.slots.items()
            if typed[f"came_{number}"] is not None and not typed[f"missed_{number}"]
        ]

    def absent(self) -> list[Slot]:
        """Who did not come; only of a valid form."""
        return [slot for number, slot in self.slots.items() if self.cleaned_data[f"missed_{number}"]]


class OwnHoursForm(forms.Form):
    """From when until when one was there oneself."""

    came = ClockField(label=pgettext_lazy("hours", "I came at"), widget=forms.TimeInput)
    left = ClockField(label=pgettext_lazy("hours", "I left at"), widget=forms.TimeInput)

    @classmethod
    def about(cls, shift: Shift, data: Any = None) -> OwnHoursForm:
        begins, ends = (f"{timezone.localtime(at):%H:%M}" for at in (shift.starts_at, shift.ends_at))
        return cls(data, initial={"came": begins, "left": ends})


def was(slot: Slot, shift: Shift, came: time, left: time) -> Was:
    """Two times of day as moments on the day the shift begins; the second past midnight if it is not later."""
    day = as_day(shift.starts_at)
    came_at, left_at = clock.local(day, came), clock.local(day, left)
    return Was(slot, came_at, left_at if left_at > came_at else clock.local(day + timedelta(days=1), left))


class WhyForm(forms.Form):
    reason = LineField(
        label=_("Why it does not count"), max_length=most(Hours, "why"), help_text=_("Whose hours they are reads this.")
    )


class AssignForm(PersonForm):
    """Somebody is put into a task of a shift; no task named: into the first that seeks somebody."""

    task = forms.ChoiceField(label=_("Task"), required=False)

    def __init__(self, *args: Any, needs: Sequence[Need], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs = {str(number): need for number, need in enumerate(needs, 1)}
        offer(self, "task", [(number, need.role) for number, need in self.needs.items()])

    def need(self) -> Need:
        """The task that was chosen; only of a valid form."""
        chosen = self.needs.get(self.cleaned_data["task"])
        return chosen or next((need for need in self.needs.values() if need.left > 0), self.needs["1"])
