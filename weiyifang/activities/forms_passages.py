"""What people may type about who fetches a child: at the door, and beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models import Fetcher
from weiyifang.activities.queries import MayFetch
from weiyifang.activities.services import Fetched
from weiyifang.core.columns import most
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, ParagraphsField

OTHER = "other"


class FetchedForm(forms.Form):
    """With whom a child goes: a guardian, somebody a guardian named, or (who, and why) somebody else."""

    by = forms.ChoiceField(
        label=_("Who fetches the child?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who fetches the child.")},
    )
    name = LineField(label=_("Somebody else: who?"), max_length=most(Fetcher, "name"), required=False)
    why = ParagraphsField(
        label=_("Why with them?"),
        max_length=most(Fetcher, "why"),
        required=False,
        help_text=_("The guardians are told at once, and read both on the child's page."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, may: Sequence[MayFetch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may = {one.key: one for one in may}
        field = self.fields["by"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*((key, one.words) for key, one in self.may.items()), (OTHER, _("somebody else"))]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("by") == OTHER:
            if not typed.get("name"):
                self.add_error("name", _("Write down who it is."))
            if not typed.get("why"):
                self.add_error("why", _("Write down why the child goes with them."))
        return typed

    @property
    def is_another(self) -> bool:
        return bool(self.cleaned_data["by"] == OTHER)

    def fetched(self) -> Fetched:
        typed = self.cleaned_data
        if self.is_another:
            return Fetched(name=typed["name"], why=typed["why"])
        one = self.may[typed["by"]]
        return Fetched(
            guardian_id=one.guardian.pk if one.guardian else None, fetcher_id=one.fetcher.pk if one.fetcher else None
        )


class FetcherForm(forms.Form):
    """Who else may fetch a child, and how long."""

    name = LineField(
        label=_("Who may fetch the child?"),
        max_length=most(Fetcher, "name"),
        help_text=_("As you would tell it at the door: “Grandmother Chen, grey hair, brown coat”."),
    )
    until = DayField(
        label=_("Until which day?"),
        required=False,
        widget=forms.DateInput,
        help_text=_("Empty: from this activity only. With a day: from everywhere here, up to that day."),
    )
