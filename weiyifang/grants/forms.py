"""Forms check what was typed; nothing more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core.columns import most
from weiyifang.core.refusals import Refused
from weiyifang.core.tables import MOST_BYTES
from weiyifang.core.web.fields import NumberField, ParagraphsField, offer
from weiyifang.fund.models import PaymentRequest
from weiyifang.grants import terms
from weiyifang.grants.models import Appeal, GrantRun
from weiyifang.grants.terms import Grade


class PointsField(NumberField):
    """Points as people write them; gives tenths, None for nothing."""

    def to_python(self, value: Any) -> Any:
        try:
            return terms.tenths(super().to_python(value))
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def prepare_value(self, value: Any) -> Any:
        return terms.points(value) if isinstance(value, int) else value


class BeginForm(forms.Form):
    """A run is of a year."""

    year = forms.IntegerField(label=_("Year of the assessment"), min_value=2000, max_value=2100)


class TableForm(forms.Form):
    """The signed table of an assessment."""

    file = forms.FileField(
        label=_("Excel (.xlsx) or CSV"),
        help_text=_("With a row of headings: organization, points or grade. It takes the place of what is entered."),
    )

    def content(self) -> bytes:
        """The file; one byte more than is taken is enough to refuse it."""
        read: bytes = self.cleaned_data["file"].read(MOST_BYTES + 1)
        return read


class ResultForm(forms.Form):
    """One organization's result."""

    organization = forms.ChoiceField(label=_("Organization"))
    tenths = PointsField(label=_("Points"), required=False)
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, help_text=_("Leave it empty where you wrote the points.")
    )

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organization", [("", "—"), *organizations])
        offer(self, "grade", [("", "—"), *Grade.choices])


class ReasonForm(forms.Form):
    """Why: said to whoever entered the table."""

    reason = ParagraphsField(
        label=_("Reason"), max_length=most(GrantRun, "reason"), widget=forms.Textarea(attrs={"rows": 2})
    )


class PaidForm(forms.Form):
    """The batch was paid."""

    slip = NumberField(label=_("Number of the bank's receipt"), max_length=most(PaymentRequest, "slip"), required=False)


class AppealForm(forms.Form):
    """What is wrong with a result."""

    words = ParagraphsField(
        label=_("What is wrong with the result"),
        max_length=most(Appeal, "words"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """The answer to an appeal: with points or a grade it corrects, else the result stands."""

    answer = ParagraphsField(
        label=_("Answer"), max_length=most(Appeal, "answer"), widget=forms.Textarea(attrs={"rows": 3})
    )
    tenths = PointsField(label=_("Corrected points"), required=False)
    grade = forms.ChoiceField(
        label=_("Corrected grade"), required=False, help_text=_("Leave both empty if the result stands.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "grade", [("", "—"), *Grade.choices])
