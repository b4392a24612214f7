"""What people may type about dates that were missed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models import Excuse
from weiyifang.core.columns import most
from weiyifang.core.web.fields import ParagraphsField


class ObjectionForm(forms.Form):
    """Why it shall not count."""

    said = ParagraphsField(
        label=_("What happened?"),
        max_length=most(Excuse, "words"),
        help_text=_("For example: you were ill, you were there, somebody else enrolled you. A few words are enough."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """Why it does not count, or does."""

    answer = ParagraphsField(
        label=_("Why, or why not?"),
        max_length=most(Excuse, "answer"),
        help_text=_("They read it on their page."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
