"""What may be typed. Cleaning that matters is done by the services; a form says it on the right field."""

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
from weiyifang.talents import kinds
from weiyifang.talents.models import Talent, TalentRequest, Thanks

COMMITTEE, MYSELF = "", "me"


class TalentForm(forms.Form):
    """What somebody can do."""

    what = LineField(
        label=_("What you can do"),
        max_length=most(Talent, "what"),
        help_text=_("In one line, for example: portraits and family photographs."),
    )
    topics = forms.MultipleChoiceField(label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple)
    words = ParagraphsField(
        label=_("In your own words"),
        max_length=most(Talent, "words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How long you have done it, what you have shown, when you have time."),
    )
    takes_requests = forms.BooleanField(
        label=_("I can be asked at the moment"),
        required=False,
        initial=True,
        help_text=_("Untick it when you have no time. You stay on the list."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "topics", kinds.choices(also=self.initial.get("topics", ())))

    @classmethod
    def about(cls, talent: Talent, data: Any = None) -> TalentForm:
        """For editing."""
        return cls(data, initial={name: getattr(talent, name) for name in cls.base_fields})


class PutDownForm(TalentForm):
    """Putting oneself down."""

    agreed = forms.BooleanField(label=_("I have read the words above and say yes"), required=False)


class OthersForm(TalentForm):
    """What somebody else can do, as the desk says it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].label = _("What they can do")
        self.fields["words"].label = _("In their own words")
        self.fields["takes_requests"].label = _("They can be asked at the moment")


class DeskForm(OthersForm):
    """Somebody is put down at the desk. `sees_register`: may the one who asks see the register of residents?"""

    who = PersonField()
    agreed = forms.BooleanField(label=_("They signed the words on paper; of a minor, a guardian did"), required=False)

    field_order = ("who", "what", "topics", "words", "takes_requests", "agreed")

    def __init__(self, *args: Any, sees_register: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["who"]
        assert isinstance(field, PersonField)
        field.for_one_who_sees(sees_register)


class RequestForm(forms.Form):
    """Asking. `whom`: in whose name one may, oneself and the committee among them."""

    of = forms.ChoiceField(label=_("In whose name you ask"), required=False)
    what = ParagraphsField(
        label=_("What you ask for"),
        max_length=most(TalentRequest, "what"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it is for, how many people come, what is there already."),
    )
    place = LineField(label=_("Where"), max_length=most(TalentRequest, "place"), required=False)
    day = DayField(
        label=_("Day"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Leave day and times empty if you still want to agree on them."),
    )
    begins = ClockField(label=pgettext_lazy("time of day", "From"), widget=forms.TimeInput, required=False)
    ends = ClockField(label=pgettext_lazy("time of day", "To"), widget=forms.TimeInput, required=False)
    gives_phone = forms.BooleanField(
        label=_("If they say yes, they may see my phone number"),
        required=False,
        help_text=_("Else it stays hidden: you talk through this page, or through the committee."),
    )

    def __init__(self, *args: Any, whom: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom = [value for value, _label in whom]
        if len(whom) > 1:
            offer(self, "of", whom)
        else:
            del self.fields["of"]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        times = [typed.get(name) for name in ("day", "begins", "ends")]
        if not self.errors and any(times) and not all(times):
            self.add_error("day", _("Say the day, from when and until when; or leave all three empty."))
        return typed

    def said(self, oneself: Resident | None) -> dict[str, Any]:
        """What `services.ask` takes; only of a valid form."""
        typed = self.cleaned_data
        of = typed["of"] if "of" in self.fields else self.whom[0]
        day = typed["day"]
        return {
            "resident": None if of == COMMITTEE else oneself,
            "of": "" if of == MYSELF else of,
            "what": typed["what"],
            "place": typed["place"],
            "starts_at": clock.local(day, typed["begins"]) if day else None,
            "ends_at": clock.local(day, typed["ends"]) if day else None,
            "gives_phone": typed["gives_phone"],
        }


class AcceptForm(forms.Form):
    answer = ParagraphsField(
        label=_("A word to go with it"),
        max_length=most(TalentRequest, "answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    gives_phone = forms.BooleanField(
        label=_("They may see my phone number"),
        required=False,
        help_text=_("Only whoever asked sees it, and only until it is done."),
    )


class DeclineForm(forms.Form):
    answer = ParagraphsField(
        label=_("A word why"), max_length=most(TalentRequest, "answer"), widget=forms.Textarea(attrs={"rows": 2})
    )


class ThanksForm(forms.Form):
    words = ParagraphsField(
        label=_("Your thanks"), max_length=most(Thanks, "words"), widget=forms.Textarea(attrs={"rows": 2})
    )
    is_named = forms.BooleanField(label=_("My name may stand under it"), required=False)

    def __init__(self, *args: Any, for_oneself: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_oneself:  # of an organization its name stands there
            del self.fields["is_named"]
