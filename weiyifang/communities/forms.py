from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock, dated
from weiyifang.core.columns import most
from weiyifang.core.models import Remark
from weiyifang.core.web.dates_typed import ClockField, DayField
from weiyifang.core.web.fields import LineField, ParagraphsField, offer
from weiyifang.core.wordlists import LONGEST, WordList


class SaidForm(forms.Form):
    """From which day on, and why."""

    since = DayField(label=_("From which day on"), help_text=_("Tomorrow at the earliest."), widget=forms.DateInput)
    why = ParagraphsField(
        label=_("Why"),
        help_text=_("Who decided it, and where it is written."),
        max_length=most(Remark, "text"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RuleForm(SaidForm):
    """Own values for one rule file: a field for each of its settings, filled in with what would hold tomorrow."""

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


class WordForm(SaidForm):
    """What a community says about one word of a list."""

    code = forms.ChoiceField(label=_("Which word"), required=False)
    name = LineField(
        label=pgettext_lazy("lists", "Name"),
        max_length=LONGEST,
        required=False,
        help_text=_("Of a new word, or another name. Empty: it keeps the one it has."),
    )
    ended = forms.BooleanField(label=_("It is not offered any more"), required=False)

    def __init__(self, file: WordList, *args: Any, **kwargs: Any) -> None:
        tomorrow = clock.today() + timedelta(days=1)
        kwargs["initial"] = {"since": tomorrow}
        super().__init__(*args, **kwargs)
        ended = _("%(name)s (not offered any more)")
        words = [
            (word.code, ended % {"name": word.name} if word.is_ended else word.name) for word in file.on(tomorrow).words
        ]
        offer(self, "code", [("", _("a new one")), *words])
        self.order_fields(["code", "name", "ended", "since", "why"])

    @property
    def values(self) -> dict[str, Any]:
        """What is said of the word, once the form is valid."""
        return {name: self.cleaned_data[name] for name in ("code", "name", "ended")}
