"""What people may type about who comes: enrolling, writing to them, the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.activities import services
from weiyifang.activities.forms_questions import AnswersForm
from weiyifang.activities.models import Enrollment, Message, Whom
from weiyifang.activities.questions import NONE, Questions
from weiyifang.core.columns import most
from weiyifang.core.models import Remark
from weiyifang.core.web.fields import LineField, NumberField, ParagraphsField, offer
from weiyifang.people.models import Resident
from weiyifang.people.picking import PersonField, named_exactly


class MessageForm(forms.Form):
    """What is written to people of a date, and to which of them; `counts` says how many each are."""

    whom = forms.ChoiceField(label=pgettext_lazy("message", "To whom"), widget=forms.RadioSelect)
    words = ParagraphsField(
        label=_("What you write"),
        max_length=most(Message, "words"),
        help_text=_("It stands in their messages here; by text message and on the phone it is told word by word."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, counts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, f"{label} · {counts[code]}") for code, label in Whom.choices if counts[code]]
        offer(self, "whom", offered)
        self.initial.setdefault("whom", offered[0][0] if offered else None)


class EnrollForm(AnswersForm):
    """For whom, how many seats each, and what we should know."""

    who = forms.MultipleChoiceField(label=_("For whom?"), error_messages={"required": _("Tick who is coming.")})
    places = forms.IntegerField(label=_("Seats for each"), min_value=1, initial=1, required=False)
    note = LineField(label=_("Anything we should know?"), max_length=most(Enrollment, "note"), required=False)
    queue = forms.BooleanField(required=False)  # set by the page when the seats are gone

    def __init__(self, *args: Any, people: Sequence[Resident], questions: Questions = NONE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks(questions)
        self.people = {str(person.pk): person for person in people}
        offer(self, "who", [(pk, person.name) for pk, person in self.people.items()])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        who = self.chosen() if typed.get("who") and self.questions else []
        if len(who) > 1 or any(map(self.has_asked, who)):
            self.ask_each(who)
        return typed

    def chosen(self) -> list[Resident]:
        return [self.people[pk] for pk in self.cleaned_data["who"]]


class CodeForm(forms.Form):
    """A scanned ticket, or the six digits under it."""

    code = NumberField(
        label=pgettext_lazy("activities", "Code"),
        max_length=300,
        error_messages={"required": _("Scan the code or type its six digits.")},
    )


class HereForm(forms.Form):
    """Somebody on the list: their resident number, from the button of their line."""

    here = forms.IntegerField(min_value=1, max_value=999_999_999)


class WalkInForm(forms.Form):
    """Somebody who is not on the list, or not found on it."""

    who = PersonField(label=_("Name or resident no."))

    def __init__(self, *args: Any, sees_register: bool, expected: Iterable[UUID] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["who"]
        assert isinstance(field, PersonField)
        field.for_one_who_sees(sees_register)
        field.marks = dict.fromkeys(expected, str(_("on the list")))


class DeskForm(AnswersForm):
    """Enrol somebody who calls or stands at the desk."""

    who = PersonField(label=_("For whom?"))
    places = forms.IntegerField(
        label=pgettext_lazy("activities", "How many seats"), min_value=1, max_value=20, initial=1
    )
    note = LineField(label=_("Anything we should know?"), max_length=most(Enrollment, "note"), required=False)
    others = ParagraphsField(
        label=_("Who comes with them"),
        max_length=2000,
        required=False,
        help_text=_(
            "One on each line, by the whole name or the number on the register. All of them get a seat, or nobody does."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    despite = LineField(
        label=_("Why they need not let others go first"),
        max_length=most(Remark, "text"),
        required=False,
        help_text=_("It stands in what happened, with your name. The missed dates stay as they are."),
    )
    queue = forms.BooleanField(required=False, widget=forms.HiddenInput)  # set by the page when the seats are gone

    def __init__(self, *args: Any, sees_register: bool, questions: Questions = NONE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks(questions)
        field = self.fields["who"]
        assert isinstance(field, PersonField)
        field.for_one_who_sees(sees_register)

    def clean_others(self) -> list[Resident]:
        """Whoever is named, each by one line."""
        found = list[Resident]()
        for line in filter(None, map(str.strip, self.cleaned_data["others"].splitlines())):
            fits = named_exactly(line)
            if len(fits) != 1:
                unknown = _("Nobody who lives here is called “%(line)s”, or has this number.")
                several = _("Several people are called “%(line)s”. Write the number on the register instead.")
                raise forms.ValidationError((several if fits else unknown) % {"line": line})
            found += fits
        return found

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        who = typed.get("who") if self.questions else None
        if who and (typed.get("others") or self.has_asked(who)):
            self.ask_each([who, *(one for one in typed.get("others", ()) if one != who)])
        return typed

    def people(self) -> list[services.Member]:
        """Who comes, the one who asks first; the seats are theirs, the others have one each."""
        typed = self.cleaned_data
        first = typed["who"]
        others = [services.Member(resident=one, answers=self.answers(one)) for one in typed["others"]]
        told = services.Member(resident=first, places=typed["places"], note=typed["note"], answers=self.answers(first))
        return [told, *others]

    def begin_with(self, person: Resident) -> None:
        """This person is chosen already."""
        field = self.fields["who"]
        assert isinstance(field, PersonField)
        field.begin_with(person, person.name)


class MembersForm(AnswersForm):
    """Which members of an organization come; they are known by their resident numbers, and each is asked."""

    who = forms.MultipleChoiceField(
        label=_("Who comes?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick who is coming.")},
    )
    queue = forms.BooleanField(required=False, widget=forms.HiddenInput)  # set by the page when the seats are gone

    def __init__(self, *args: Any, people: Sequence[Resident], questions: Questions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks(questions)
        self.people = {str(person.number): person for person in people}
        offer(self, "who", [(number, person.name) for number, person in self.people.items()])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if self.questions:
            for one in self.questions:  # nobody is asked before it is known who comes
                self.errors.pop(one.key, None)
            if typed.get("who"):
                self.ask_each(self.chosen())
        return typed

    def chosen(self) -> list[Resident]:
        return [self.people[number] for number in self.cleaned_data["who"]]


class PartyForm(forms.Form):
    """How many of those on one ticket are here."""

    people = forms.IntegerField(label=_("How many of them are here?"), min_value=1)

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        field.initial = places
        field.widget.attrs["max"] = places
        field.validators.append(MaxValueValidator(places))
        field.required = places > 1


class ArrivalForm(forms.Form):
    """Who is here, and of each who has more than one seat how many."""

    who = forms.MultipleChoiceField(label=_("Who is here?"), error_messages={"required": _("Tick who has come.")})

    def __init__(self, *args: Any, parties: Sequence[tuple[Resident, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person, _places in parties}
        offer(self, "who", [(pk, person.name) for pk, person in self.people.items()])
        for person, places in parties:
            if places > 1:
                label = _("How many of you are here? (%(name)s)") % {"name": person.name}
                self.fields[f"people-{person.pk}"] = forms.IntegerField(
                    label=label, min_value=1, max_value=places, initial=places, required=False
                )

    def parties(self) -> list[BoundField]:
        """The fields that ask how many."""
        return [self[name] for name in self.fields if name != "who"]

    def chosen(self) -> list[tuple[Resident, int | None]]:
        """Who is here, and how many of them; None: all."""
        typed = self.cleaned_data
        return [(self.people[pk], typed.get(f"people-{pk}")) for pk in typed["who"]]


class GuestsForm(forms.Form):
    """How many came without a name."""

    people = forms.IntegerField(label=_("How many"), min_value=1, max_value=2000)
