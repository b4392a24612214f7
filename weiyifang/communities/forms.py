from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated
from weiyifang.core.columns import most
from weiyifang.core.models import Remark
from weiyifang.core.web.dates_typed import ClockField, DayField
from weiyifang.core.web.fields import ParagraphsField


class RuleForm(forms.Form):
    """Own values for one rule file: a field for each of its settings, filled in with what would hold tomorrow."""

    since = DayField(label=_("From which day on"), help_text=_("Tomorrow at the earliest."), widget=forms.DateInput)
    why = ParagraphsField(
        label=_("Why"),
        help_text=_("Who decided it, and where it is written."),
        max_length=most(Remark, "text"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, file: dated.RuleFile[Any], *args: Any, **kwargs: Any) -> None:
        tomorrow = clock.today() + timedelta(days=1)
        rule = file.on(tomorrow)
        kwargs["initial"] = {"since": tomorrow} | {name: getattr(rule, name) for name in file.settings}
        super().__init__(*args, **kwargs)
        self.file = file
        for name, setting in file.settings.items():
            self.fields[name] = (
                ClockField(label=str(setting.label), widget=forms.TimeInput)
                if setting.most is None
                else forms.IntegerField(label=str(setting.label), min_value=setting.least, max_value=setting.most)
            )
        self.order_fields(["since", *file.settings, "why"])

    @property
    def values(self) -> dict[str, Any]:
        """The values of the rule, once the form is valid."""
        return {name: self.cleaned_data[name] for name in self.file.settings}
