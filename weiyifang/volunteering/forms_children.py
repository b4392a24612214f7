"""What a guardian says yes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.fields import offer
from weiyifang.people.models import Resident


class ChildForm(forms.Form):
    """Which of one's children wants to help, and the guardian's yes."""

    child_number = forms.ChoiceField(label=_("Who wants to help"))
    agreed = forms.BooleanField(label=_("As the guardian I have read the words and say yes"), required=False)

    def __init__(self, *args: Any, children: Sequence[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {str(one.number): one for one in children}
        offer(self, "child_number", [(number, one.name) for number, one in self.children.items()])

    def child(self) -> Resident:
        """Only of a valid form."""
        return self.children[self.cleaned_data["child_number"]]
