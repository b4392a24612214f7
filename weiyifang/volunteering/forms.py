"""What may be typed. Cleaning that matters is done by the services; a form says it on the right field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core.columns import most
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, ParagraphsField
from weiyifang.people.picking import PersonField
from weiyifang.volunteering import kinds
from weiyifang.volunteering.models import Team, Volunteer


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
        field = self.fields["organizer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*([("", _("The committee"))] if committee else []), *organizers]
        field.required = not committee


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
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = kinds.choices(what)

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
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds.choices(kinds.CERTIFICATE)
