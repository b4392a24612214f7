"""What people may type, and what it is called. A form validates a dictionary, nothing more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.activities import closing, covers, queries
from weiyifang.activities.calendars import LONGEST_PAST_MIDNIGHT
from weiyifang.activities.kinds import KINDS
from weiyifang.activities.models import Activity, Audience, Cover, Leaving, Mode, Session
from weiyifang.activities.orders import Order
from weiyifang.core import clock, tables
from weiyifang.core.columns import most
from weiyifang.core.look import wording
from weiyifang.core.money import percent
from weiyifang.core.web.dates_typed import ClockField, DayField, MomentField
from weiyifang.core.web.fields import LineField, ParagraphsField, PicturesWidget, YuanField, offer
from weiyifang.core.web.periods import PeriodForm
from weiyifang.timetable.ical import MOST_BYTES


class ShareField(forms.DecimalField):
    """A share typed in per cent and kept in basis points. Empty is nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return percent(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        typed = super().clean(value)
        return int(typed * Decimal(100)) if typed is not None else 0


class ActivityForm(forms.Form):
    """Everything said about an activity; the names are those of `services.Details`."""

    title = LineField(label=_("What it is called"), max_length=most(Activity, "title"))
    summary = LineField(
        label=_("One sentence about it"),
        max_length=most(Activity, "summary"),
        required=False,
        help_text=_("What a neighbour would tell another."),
    )
    description = ParagraphsField(
        label=_("What happens that day"), max_length=most(Activity, "description"), required=False
    )
    kind = forms.ChoiceField(label=_("Kind"))
    audience = forms.ChoiceField(label=_("For whom"), choices=Audience.choices)
    min_age = forms.IntegerField(label=_("From age"), min_value=0, max_value=120, required=False)
    max_age = forms.IntegerField(label=_("Up to age"), min_value=0, max_value=120, required=False)
    organizer = forms.ChoiceField(label=_("Who puts it on"), required=False)
    place = LineField(label=_("Place"), max_length=most(Activity, "place"))
    books_place = forms.BooleanField(label=_("Nobody else may use the place then"), required=False)
    mode = forms.ChoiceField(label=_("How one enrols"), choices=Mode.choices)
    places = forms.IntegerField(label=_("Seats"), min_value=0, max_value=5000)
    party_size = forms.IntegerField(label=_("Seats one person may take"), min_value=1, max_value=20, initial=1)
    guest_seats = forms.IntegerField(
        label=_("More seats at each lesson, for visits"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_(
            "Of a term: besides the seats of its pupils, for who makes up a lesson of another class, or tries one."
        ),
    )
    trials = forms.BooleanField(label=_("Who is not a pupil may try one lesson"), required=False)
    fee_fen = YuanField(
        nothing=0,
        least=0,
        label=_("Fee in yuan"),
        required=False,
        help_text=_("For a seat; in a term, for each lesson. Empty: free."),
    )
    teacher_share = ShareField(
        label=_("The teacher's share in per cent"),
        help_text=_(
            "Of a term, of each lesson's fee; the rest is given to the public-welfare fund. Empty: all of it. It holds "
            "for the lessons that are attended from now on."
        ),
    )
    fee_note = LineField(label=_("About the fee"), max_length=most(Activity, "fee_note"), required=False)
    enrol_from = MomentField(
        label=_("Enrolment opens"),
        required=False,
        widget=forms.DateTimeInput,
        help_text=_("Empty: as soon as it is shown."),
    )
    closes_hours = forms.IntegerField(
        label=_("Enrolment closes, hours before it begins"),
        min_value=0,
        max_value=720,
        required=False,
        help_text=_("Empty: when it begins. At the desk people can still be enrolled after that."),
    )
    order = forms.ChoiceField(
        label=_("Who gets a seat"),
        choices=Order.choices,
        initial=Order.FIRST_COME,
        required=False,
        help_text=_("Until somebody has enrolled. For the last two, enrolment has to close hours before it begins."),
    )
    leaving = forms.ChoiceField(
        label=_("Who leaves is noted at the door"),
        choices=Leaving.choices,
        initial=Leaving.USUAL,
        required=False,
        help_text=_("Children are then handed over to a guardian, or to somebody a guardian named beforehand."),
    )
    cover = forms.ChoiceField(
        label=_("Drawing"),
        choices=Cover.choices,
        initial=Cover.TEA,
        widget=PicturesWidget(partial(covers.drawing, is_named=False)),
    )

    GROUPS = (
        (pgettext_lazy("planning", "What"), ("title", "summary", "description", "kind", "cover")),
        (_("Where, and who puts it on"), ("organizer", "place", "books_place")),
        (_("Who may come"), ("audience", "min_age", "max_age", "leaving")),
        (_("Seats and queue"), ("mode", "places", "party_size", "enrol_from", "closes_hours", "order")),
        (_("Who is no pupil of the class"), ("guest_seats", "trials")),
        (pgettext_lazy("planning", "Money"), ("fee_fen", "teacher_share", "fee_note")),
    )

    def __init__(self, *args: Any, organizers: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organizer", organizers)
        offer(self, "kind", KINDS.choices(also=self.initial.get("kind", "")))
        minutes = closing.rule_on(clock.today()).closes_minutes
        self.fields["places"].help_text = _(
            "0 means: no enrolment, people just come. Once they are taken, people queue until %(time)s before it."
        ) % {"time": wording.minutes(minutes)}

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under headings, in the order one thinks about them."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        youngest, oldest = typed.get("min_age"), typed.get("max_age")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("max_age", _("The higher age comes second."))
        typed["guest_seats"] = typed.get("guest_seats") or 0
        if typed.get("trials") and not typed["guest_seats"]:
            self.add_error("guest_seats", _("For trial lessons, say how many seats each lesson has for them."))
        if typed.get("teacher_share") and typed.get("mode") != Mode.TERM:
            self.add_error("teacher_share", _("Only the fees of a term are shared, lesson by lesson."))
        typed["closes_hours"] = typed.get("closes_hours") or 0
        typed["order"] = typed.get("order") or Order.FIRST_COME
        typed["leaving"] = typed.get("leaving") or Leaving.USUAL
        if typed.get("mode") == Mode.TERM and typed.get("places") == 0:
            self.add_error("places", _("A term needs a number of seats."))
        return typed


def details_of(activity: Activity) -> dict[str, Any]:
    """What `ActivityForm` starts from when an activity is edited."""
    return {name: getattr(activity, name) for name in ActivityForm.base_fields}


class SpanForm(forms.Form):
    """A day, from and to, and a place."""

    day = DayField(label=_("Day"), widget=forms.DateInput)
    begins = ClockField(label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput)
    ends = ClockField(
        label=pgettext_lazy("time of day", "To"),
        widget=forms.TimeInput,
        help_text=_("Earlier than it begins means: on the next day."),
    )
    place = LineField(label=_("Another place"), max_length=most(Session, "place"), required=False)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        day: date | None = typed.get("day")
        if day is not None and "begins" in typed and "ends" in typed:
            starts_at, ends_at = self.span()
            if ends_at <= starts_at or (ends_at.date() != day and ends_at - starts_at > LONGEST_PAST_MIDNIGHT):
                self.add_error("ends", _("It has to end after it begins."))
        if day is not None and day < clock.today():
            self.add_error("day", _("This day is over."))
        return typed

    def span(self) -> tuple[datetime, datetime]:
        """When the first date begins and ends, on the wall clock; an end not after the beginning is on the next day."""
        typed = self.cleaned_data
        first, last = (datetime.combine(typed["day"], typed[name]) for name in ("begins", "ends"))
        if last > first or typed["day"] == date.max:
            return first, last
        return first, last + timedelta(days=1)


class KeysField(forms.MultipleChoiceField):
    """Events of a calendar by their keys; which of them there are, the page's view knows."""

    def valid_value(self, value: Any) -> bool:
        return re.fullmatch(r"[0-9a-f]{32}", str(value)) is not None


class DateForm(SpanForm):
    """One more date, or a weekly series of dates up to a last day."""

    every_week_until = DayField(
        label=_("Every week until"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Empty: this one day. Public holidays that are announced are left out."),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        day: date | None = typed.get("day")
        last: date | None = typed.get("every_week_until")
        if day is not None and last is not None and not day <= last <= date(day.year + 1, day.month, 28):
            self.add_error("every_week_until", _("The last day comes after the first, within a year."))
        return typed


class MoveForm(SpanForm):
    """Where and when a date is to be instead."""

    with_later = forms.BooleanField(label=_("The later dates of this series too"), required=False)

    field_order = ("day", "begins", "ends", "place", "with_later")


def when_and_where(session: Session) -> dict[str, Any]:
    """What `MoveForm` starts from."""
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return {"day": begins.date(), "begins": begins.time(), "ends": ends.time(), "place": session.place}


class CalendarForm(forms.Form):
    """A calendar as other programs write it."""

    file = forms.FileField(
        label=_("Calendar file (.ics)"),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("At most 1 MB. Nothing is changed yet."),
    )

    def content(self) -> bytes:
        """The file; one byte more than is taken is enough to refuse it."""
        read: bytes = self.cleaned_data["file"].read(MOST_BYTES + 1)
        return read


class ProgrammeForm(forms.Form):
    """A workbook with a programme."""

    file = forms.FileField(
        label=_("Excel (.xlsx) or CSV"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("The first 200 rows are looked at. Nothing is changed yet."),
    )

    def content(self) -> bytes:
        """The file; one byte more than is taken is enough to refuse it."""
        read: bytes = self.cleaned_data["file"].read(tables.MOST_BYTES + 1)
        return read


class ChosenForm(forms.Form):
    """Which of the events that were shown become dates, move dates, and call dates off."""

    new = KeysField(required=False)
    moved = KeysField(required=False)
    off = KeysField(required=False)
    reason = LineField(
        label=_("Why the dates are called off"),
        max_length=most(Session, "cancel_reason"),
        help_text=_("Everybody who enrolled will read this."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["reason"].required = data is None or "off" in data

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not self.ticked:
            raise forms.ValidationError(_("Tick at least one."))
        return typed

    @property
    def ticked(self) -> set[str]:
        """The keys of whatever was ticked."""
        return {key for name in ("new", "moved", "off") for key in self[name].value() or ()}


class ReasonForm(forms.Form):
    """Why something is called off; those concerned read it."""

    reason = LineField(
        label=_("Why"), max_length=most(Session, "cancel_reason"), help_text=_("Everybody who enrolled will read this.")
    )


class ListFilter(forms.Form):
    """How residents look through what is on. Nothing typed is ever wrong: what does not fit is left out."""

    q = LineField(label=_("Search"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    audience = forms.ChoiceField(label=_("For whom"), required=False)
    free = forms.BooleanField(label=_("Only with free seats"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        offer(self, "kind", [("", _("All kinds")), *((word.code, word.name) for word in KINDS.known())])
        offer(self, "audience", [("", _("Whoever it is for")), *Audience.choices])

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class DeskSearch(forms.Form):
    """Which dates a caller may mean."""

    q = LineField(label=_("Title or place"), required=False, max_length=40)

    @property
    def words(self) -> str:
        """What to search for; "" for what does not fit."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""


class BenchFilter(forms.Form):
    """How staff look through all activities: a search, and one view of what it finds."""

    VIEWS = (
        ("coming", _("To come")),
        ("drafts", _("Drafts")),
        ("over", _("Over")),
        ("off", _("Called off")),
        ("all", _("All")),
    )
    q = LineField(label=_("Title, place or no."), required=False, max_length=40)
    view = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=VIEWS)

    @property
    def words(self) -> str:
        """What to search for."""
        return self._asked("q")

    @property
    def chosen(self) -> str:
        """The view: what is to come, unless something is searched; then everything."""
        return self._asked("view") or (queries.ALL if self.words else queries.TO_COME)

    def _asked(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))


class PapersForm(PeriodForm):
    """Which papers, of which month or year."""

    kind = forms.ChoiceField(
        label=_("Which papers"),
        choices=[("activities_posters", _("posters")), ("activities_rosters", _("lists of who came"))],
        widget=forms.RadioSelect,
    )
    field_order = ("kind", "period")

    def __init__(self, *args: Any, kinds: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        offered: Any = self.fields["kind"]
        offered.choices = [choice for choice in offered.choices if choice[0] in kinds]
        self.initial.setdefault("kind", kinds[0])
