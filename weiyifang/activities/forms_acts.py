"""What may be typed about an act of a running order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models import Act
from weiyifang.activities.models.acts import LONGEST, LONGEST_CHANGE, MOST_THINGS
from weiyifang.activities.queries import Turn
from weiyifang.core.columns import most
from weiyifang.core.web.fields import LineField, offer
from weiyifang.organizations import queries as organizations


class ActForm(forms.Form):
    """Everything said of an act; the names are those of `services.ActDetails`."""

    title = LineField(label=_("What is performed"), max_length=most(Act, "title"))
    organization = forms.ChoiceField(label=_("Which organization performs"), required=False)
    performers = LineField(
        label=_("Who performs, in words"),
        max_length=most(Act, "performers"),
        required=False,
        help_text=_("Everybody reads it. A team or a class; the name of a person only if they agree."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST, initial=5)
    changeover = forms.IntegerField(
        label=_("Minutes until the next begins"),
        min_value=0,
        max_value=LONGEST_CHANGE,
        initial=1,
        help_text=_("To clear the stage and set it up."),
    )
    microphones = forms.IntegerField(label=_("Microphones"), min_value=0, max_value=MOST_THINGS, initial=0)
    chairs = forms.IntegerField(label=_("Chairs"), min_value=0, max_value=MOST_THINGS, initial=0)
    needs = LineField(label=_("What else is needed"), max_length=most(Act, "needs"), required=False)

    def __init__(self, data: Any = None, *, act: Act | None = None) -> None:
        names = type(self).base_fields
        super().__init__(data, initial={name: getattr(act, name) for name in names if hasattr(act, name)})
        known = organizations.givers()
        if act is not None and act.organization and act.organization not in dict(known):  # gone since
            known += [(source, one.name) for source, one in organizations.named([act.organization]).items()]
        offer(self, "organization", [("", _("none: I write who")), *known])


class NewActForm(ActForm):
    """And where it comes in."""

    after = forms.TypedChoiceField(label=_("It comes"), coerce=int, empty_value=None, required=False)

    def __init__(self, data: Any = None, *, turns: Sequence[Turn]) -> None:
        super().__init__(data)
        behind = [
            (turn.number, _("after no. %(number)d: %(title)s") % {"number": turn.number, "title": turn.act.title})
            for turn in turns[:-1]
        ]
        offer(self, "after", [("", _("at the end")), (0, _("as the first")), *behind])
