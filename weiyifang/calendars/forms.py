"""What may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.calendars.queries import Choice
from weiyifang.core.web.fields import offer


class LinkForm(forms.Form):
    """Which calendar; of one's own, whether those are in it for whom one acts."""

    of = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    with_others = forms.BooleanField(
        required=False,
        label=_("Also what those have for whom I act"),
        help_text=_("Children and those who gave you a proxy. Nobody's name stands in it."),
    )

    def __init__(self, *args: Any, choices: Sequence[Choice], can_add_others: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "of", [(one.of, one.name) for one in choices])
        if not can_add_others:
            del self.fields["with_others"]
